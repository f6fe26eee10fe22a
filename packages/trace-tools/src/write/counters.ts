// SPDX-License-Identifier: Apache-2.0
import type { ModelSink, RequestSpan } from '../model/model-sink.ts'
import { requestNumber } from '../read/columns.ts'
import { numberOf } from '../read/row-batch.ts'
import { createOpenCount } from './counters/open-count.ts'
import { onlyChanges, type PointListener } from './counters/point.ts'
import { createSecondCounters } from './counters/second-counters.ts'
import { createSeenLevel } from './counters/seen-level.ts'

/** What a trace has of something at each moment. */
export interface TraceCounter {
  readonly name: string
  readonly unit: string
  /** Counters that name the same scale can be compared by eye when they share it. */
  readonly scale?: string
}

/** Every counter there is, in the order to show them. */
export const traceCounters: readonly TraceCounter[] = [
  { name: 'LLM requests in flight', unit: 'requests' },
  { name: 'tool calls in flight', unit: 'calls' },
  { name: 'router queue depth', unit: 'requests' },
  { name: 'input tokens', unit: 'tokens/s', scale: 'input tokens' },
  { name: 'cached tokens', unit: 'tokens/s', scale: 'input tokens' },
  { name: 'output tokens', unit: 'tokens/s' },
  { name: 'KV hit rate', unit: 'ratio' },
]

const place = { requests: 0, tools: 1, queue: 2, input: 3, cached: 4, output: 5, hitRate: 6 } as const

/**
 * Takes the points of counters: from `timeMs` on, the counter at this place of
 * traceCounters has this value. Those of one counter come by time.
 */
export type CounterListener = (counter: number, timeMs: number, value: number) => void

/** The last moment that a date can name. */
const MAX_TIME_MS = 8.64e15

/** How many changes of a counter are told one by one, unless something else is asked for. */
const CHANGES = 1 << 16

/**
 * Counts what goes on at once in the whole trace, and tokens by the second in
 * which they were sent or made. A counter that nothing is known for has no
 * points.
 *
 * Spans come by their end, so a point is only told when no earlier change is
 * to be expected. What is kept until then is bounded: a trace of more changes
 * than that is told with ten points a second at most.
 *
 * @param limit Changes of a counter that are told one by one.
 */
export function createCounters(listener: CounterListener, limit = CHANGES): ModelSink {
  const tell = (counter: number): PointListener =>
    onlyChanges((timeMs, value) => {
      listener(counter, timeMs, value)
    })
  const requests = createOpenCount(tell(place.requests), limit)
  const tools = createOpenCount(tell(place.tools), limit)
  const queue = createSeenLevel(tell(place.queue), limit)
  const seconds = createSecondCounters({
    input: tell(place.input),
    cached: tell(place.cached),
    output: tell(place.output),
    hitRate: tell(place.hitRate),
  })
  return {
    request(request) {
      const { row } = request
      const startMs = countable(request.startMs)
      const endMs = countable(request.endMs)
      requests.add(startMs, endMs)
      queue.add(startMs, numberOf(row, requestNumber.queueDepth))
      seconds.addRequest(startMs, row)
      seconds.addOutput(outputBegins(request), endMs, numberOf(row, requestNumber.outputTokens))
    },
    tool({ startMs, endMs }) {
      tools.add(countable(startMs), countable(endMs))
    },
    end() {
      requests.end()
      tools.end()
      queue.end()
      seconds.end()
    },
  }
}

/** Tokens come evenly from the first one on, as far as a row tells. */
function outputBegins({ startMs, decodeStartMs }: RequestSpan): number {
  return countable(Number.isNaN(decodeStartMs) ? startMs : startMs + decodeStartMs)
}

/** A damaged row may tell a time that is no time at all; it counts where times end. */
function countable(timeMs: number): number {
  return Math.min(Math.max(timeMs, 0), MAX_TIME_MS)
}
