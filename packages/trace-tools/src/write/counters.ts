// SPDX-License-Identifier: Apache-2.0
import type { ModelSink } from '../model/model-sink.ts'
import { requestNumber } from '../read/columns.ts'
import { numberOf } from '../read/row-batch.ts'
import { loadWasm } from '../wasm/load-wasm.ts'

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

/**
 * Takes the points of counters: from `timeMs` on, the counter at this place of
 * traceCounters has this value. Those of one counter come by time.
 */
export type CounterListener = (counter: number, timeMs: number, value: number) => void

/** How many changes of a counter are told one by one, unless something else is asked for. */
const CHANGES = 1 << 16

/** What `assembly/counters.ts` exports. Numbers of a request that it does not say are NaN. */
interface CountersModule {
  /** At first: how many changes of a counter are told one by one. */
  setLimit(changes: number): void
  /** @param decodeStartMs As a duration from its start. */
  addRequest(
    startMs: number,
    endMs: number,
    decodeStartMs: number,
    queueDepth: number,
    inputTokens: number,
    cachedTokens: number,
    outputTokens: number,
    hitRate: number,
  ): void
  addTool(startMs: number, endMs: number): void
  /** Tells what was not told yet. */
  end(): void
}

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
  const counters = loadWasm('counters', { host: { tell: listener } }) as CountersModule
  counters.setLimit(limit)
  return {
    request({ startMs, endMs, decodeStartMs, row }) {
      counters.addRequest(
        startMs,
        endMs,
        decodeStartMs,
        numberOf(row, requestNumber.queueDepth),
        numberOf(row, requestNumber.inputTokens),
        numberOf(row, requestNumber.cachedTokens),
        numberOf(row, requestNumber.outputTokens),
        numberOf(row, requestNumber.kvHitRate),
      )
    },
    tool({ startMs, endMs }) {
      counters.addTool(startMs, endMs)
    },
    end() {
      counters.end()
    },
  }
}
