// SPDX-License-Identifier: Apache-2.0
import { listModels } from '@dynamo-agent/client'
import { createAgentContext } from '@dynamo-agent/core'
import { createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { describe, expect, test } from 'vitest'
import { dialectOf } from '../../src/observe/requests.ts'
import { readTrace, waitForRow } from '../../src/trace.ts'
import type { GetTarget } from './contract.ts'

/** Our own side of the protocol, against it. */
export function describeClients(getTarget: GetTarget): void {
  describe('the packages of dynamo-agent', () => {
    test('list its models', async () => {
      const { baseUrl, model } = getTarget()
      expect(await listModels({ baseUrl })).toMatchObject([{ id: model, ownedBy: 'nvidia' }])
    })

    test('deliver 1000 tool events, each once', async () => {
      const target = getTarget()
      await using relay = createToolEventRelay({ endpoint: target.toolEventsEndpoint, dialect: dialectOf(target) })
      const context = createAgentContext({ sessionId: 'thousand' })
      const ids = Array.from({ length: 1000 }, (_, index) => `thousand-${index}`)
      for (const toolCallId of ids) {
        relay.send(context, {
          type: 'tool_end',
          timeMs: Date.now(),
          tool: { toolCallId, toolClass: 'read', durationMs: 1.5 },
        })
      }
      await waitForRow(target, ({ event }) => event.tool?.tool_call_id === ids.at(-1))
      const arrived = readTrace(target).map(({ event }) => event.tool?.tool_call_id)
      expect(arrived.filter((id) => String(id).startsWith('thousand-'))).toEqual(ids)
    })
  })
}
