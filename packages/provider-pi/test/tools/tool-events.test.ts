// SPDX-License-Identifier: Apache-2.0
import { sessionHeadersDialect } from '@dynamo-agent/core'
import { createToolEventReceiver } from '@dynamo-agent/transport-zmq'
import { expect, it, vi } from 'vitest'
import { openPiToolEvents } from '../../src/tools/tool-events.ts'

const context = { sessionId: 'S', trajectoryId: 'T', sessionTypeId: 'pi_coding_agent' }
const call = (toolCallId: string) => ({ toolCallId, toolName: 'bash' })
const finished = (toolCallId: string, isError = false) => ({
  ...call(toolCallId),
  result: { content: [{ type: 'text', text: 'four' }] },
  isError,
})

/** A receiver in place of Dynamo, and tool events that go there. */
async function openBoth() {
  const received: { readonly event_type: string; readonly tool: { readonly status?: string | undefined } }[] = []
  const receiver = await createToolEventReceiver({
    bind: 'tcp://127.0.0.1:0',
    onRecord: (record) => {
      const verdict = sessionHeadersDialect.accepts(record)
      if (verdict.accepted && 'tool' in verdict.row) received.push(verdict.row)
    },
  })
  const settings = { endpoint: receiver.endpoint, topic: 'agent-tool-events', queueCapacity: 100 }
  const events = openPiToolEvents({ settings, dialect: sessionHeadersDialect })
  const ends = async (count: number) => {
    await vi.waitUntil(() => received.length === count)
    const ended = received.filter(({ event_type }) => event_type !== 'tool_start')
    return ended.map(({ event_type, tool }) => [event_type, tool.status])
  }
  return { events, ends, [Symbol.asyncDispose]: () => receiver.close() }
}

it('tells how each call ended', async () => {
  await using both = await openBoth()
  const { events, ends } = both
  for (const id of ['fine', 'failed', 'aborted']) events.start(context, call(id))
  events.end(context, finished('fine'), false)
  events.end(context, finished('failed', true), false)
  events.end(context, finished('aborted', true), true)
  await events.close()
  expect(await ends(6)).toEqual([
    ['tool_end', 'succeeded'],
    ['tool_error', 'error'],
    ['tool_end', 'cancelled'],
  ])
  expect(events.counters).toMatchObject({ relay: { sent: 6, dropped: 0 }, unrelayed: 0 })
})

it('closes what is open as cancelled when the session ends, and lets nothing happen twice', async () => {
  await using both = await openBoth()
  const { events, ends } = both
  events.start(context, call('open'))
  const closing = events.close()
  events.end(context, finished('open'), false)
  events.start(context, call('late'))
  expect(events.close()).toBe(closing)
  await closing
  expect(await ends(2)).toEqual([['tool_end', 'cancelled']])
  expect(events.counters.calls).toMatchObject({ started: 1, ended: 1, orphaned: 1, unmatchedEnds: 1 })
})

it('ends in bounded time when nobody takes the events, and counts them', async () => {
  const settings = { endpoint: 'tcp://127.0.0.1:9', topic: 'agent-tool-events', queueCapacity: 100 }
  const events = openPiToolEvents({ settings, dialect: sessionHeadersDialect })
  events.start(context, call('lost'))
  const startMs = performance.now()
  await events.close()
  expect(performance.now() - startMs).toBeLessThan(5000)
  expect(events.counters).toMatchObject({ relay: { sent: 0, dropped: 2, byReason: { undelivered: 2 } } })
})
