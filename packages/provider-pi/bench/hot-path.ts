// SPDX-License-Identifier: Apache-2.0
import { median, quantile } from '@dynamo-agent/bench'
import { createDialectSelector } from '@dynamo-agent/client/detect'
import { sessionHeadersDialect, type Dialect } from '@dynamo-agent/core'
import { createToolEventReceiver } from '@dynamo-agent/transport-zmq'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PiStreamOptions } from '../src/pi/host.ts'
import { identifyStream } from '../src/provider/stream.ts'
import { openPiToolEvents } from '../src/tools/tool-events.ts'

/** What one call of a hook takes of its caller's time, in microseconds. */
export interface HotPathFigures {
  readonly name: string
  readonly medianUs: number
  readonly p99Us: number
}

const CALLS = 20_000
const context = { sessionId: 'S', trajectoryId: 'T', sessionTypeId: 'pi_coding_agent' }
const result = { content: [{ type: 'text', text: 'x'.repeat(4096) }] }

export async function measureHotPath(): Promise<readonly HotPathFigures[]> {
  return [
    figures('a tool event handler that does nothing', await timeToolEvents(() => undefined)),
    figures('tool event', await timeRelayedToolEvents()),
    figures('LLM call with a body of 1 MB, until it is sent', await timeCalls(1_000_000)),
  ]
}

function figures(name: string, timesUs: readonly number[]): HotPathFigures {
  return { name, medianUs: median(timesUs), p99Us: quantile(timesUs, 0.99) }
}

async function timeRelayedToolEvents(): Promise<number[]> {
  await using receiver = await createToolEventReceiver({ bind: 'tcp://127.0.0.1:0', onRecord: () => undefined })
  const settings = { endpoint: receiver.endpoint, topic: 'agent-tool-events', queueCapacity: 100_000 }
  const events = openPiToolEvents({ settings, dialect: sessionHeadersDialect })
  const times = await timeToolEvents((toolCallId, isStart) => {
    if (isStart) events.start(context, { toolCallId, toolName: 'bash' })
    else events.end(context, { toolCallId, toolName: 'bash', result, isError: false }, false)
  })
  await events.close()
  return times
}

/** Times starts and ends as Pi makes them: a turn of the event loop apart. */
async function timeToolEvents(handle: (toolCallId: string, isStart: boolean) => void): Promise<number[]> {
  const times: number[] = []
  for (let call = 0; call < CALLS / 2; call++) {
    for (const isStart of [true, false]) {
      const toolCallId = `call-${call}`
      const startMs = performance.now()
      handle(toolCallId, isStart)
      times.push((performance.now() - startMs) * 1000)
      await nextTurn()
    }
  }
  return times
}

/** Calls before the first one that counts: a session has made some by the time that its body is large. */
const WARM_UP_CALLS = 20

/**
 * Times what stands between Pi's call and the fetch that sends it, without
 * what Pi's client does itself: it has the body looked at, and makes text of it.
 */
async function timeCalls(bodyBytes: number): Promise<number[]> {
  const times: number[] = []
  let sinceMs = 0
  let spentMs = 0
  const fetch: typeof globalThis.fetch = () => {
    spentMs += performance.now() - sinceMs
    return Promise.resolve(new Response())
  }
  const messages = Array.from({ length: 200 }, () => ({ role: 'user', content: 'x'.repeat(bodyBytes / 200) }))
  const send = async (_model: unknown, _context: unknown, { onPayload, fetch: send }: PiStreamOptions) => {
    const payload = await onPayload?.({ model: 'm', messages, stream: true }, undefined as never)
    spentMs += performance.now() - sinceMs
    const body = JSON.stringify(payload)
    sinceMs = performance.now()
    await send?.('http://127.0.0.1:9/v1/chat/completions', { method: 'POST', body })
  }
  const selector = createDialectSelector({ baseUrl: 'http://127.0.0.1:9', dialect: 'session-headers' })
  const identify = (dialect: Dialect) => dialect.identify(context, { priority: 3 }, 'R')
  const stream = identifyStream(send, { selector, identify })
  for (let call = 0; call < WARM_UP_CALLS + CALLS / 20; call++) {
    spentMs = 0
    sinceMs = performance.now()
    await (stream({}, {}, { fetch }) as Promise<void>)
    times.push(spentMs * 1000)
  }
  return times.slice(WARM_UP_CALLS)
}
