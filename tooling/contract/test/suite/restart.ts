// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises'
import { createAgentContext } from '@dynamo-agent/core'
import { createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { expect, test } from 'vitest'
import { exchange } from '../../src/http.ts'
import { requestTo, dialectOf } from '../../src/observe/requests.ts'
import { readTrace, waitForRow, type TraceLine } from '../../src/trace.ts'
import type { GetTarget } from './contract.ts'

/** The last thing that is asked of a target. */
export function describeRestart(getTarget: GetTarget): void {
  test('a restart in the middle loses no row and no event that was sent meanwhile', { timeout: 60_000 }, async () => {
    const target = getTarget()
    await using relay = createToolEventRelay({
      endpoint: target.toolEventsEndpoint,
      dialect: dialectOf(target),
      lingerMs: 5000,
    })
    const context = createAgentContext({ sessionId: 'restart' })
    const send = (toolCallId: string) => {
      relay.send(context, { type: 'tool_end', timeMs: Date.now(), tool: { toolCallId, toolClass: 'read' } })
    }
    const isTool = (id: string) => (line: TraceLine) => line.event.tool?.tool_call_id === id

    send('before')
    await waitForRow(target, isTool('before'))
    const rowsBefore = readTrace(target).length

    await target.stopFrontend()
    // What goes out before the relay has noticed is lost on the wire; then events wait in its queue. A single one may
    // be there because this process was not given its turn.
    for (let probe = 0; relay.counters.queued < 3; probe++) {
      send(`unnoticed-${probe}`)
      await sleep(20)
    }
    send('meanwhile-1')
    send('meanwhile-2')
    await target.startFrontend()
    send('after')
    for (const id of ['meanwhile-1', 'meanwhile-2', 'after']) await waitForRow(target, isTool(id), 15_000)

    const lines = readTrace(target)
    expect(lines.length).toBeGreaterThanOrEqual(rowsBefore + 3)
    for (const id of ['before', 'meanwhile-1', 'meanwhile-2', 'after']) expect(lines.filter(isTool(id))).toHaveLength(1)

    expect((await exchange(requestTo(target, { caller: 'restart' }))).status).toBe(200)
    await waitForRow(target, ({ event }) => event.request?.x_request_id === 'restart')
  })
}
