// SPDX-License-Identifier: Apache-2.0
import type { SettledSpans } from '../model/model-sink.ts'
import { loadWasm } from '../wasm/load-wasm.ts'
import { SpanCopy, type SpanTaker } from '../wasm/span-copy.ts'

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

/** What `assembly/counters.ts` exports. */
interface CountersModule extends SpanTaker {
  /** At first: how many changes of a counter are told one by one. */
  setLimit(changes: number): void
  takeSpans(place: number, bytes: number): void
  /** Tells what was not told yet. */
  end(): void
}

/** Takes what the model tells; at the end it tells what it has not told yet. */
export interface Counters {
  spans(spans: SettledSpans): void
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
export function createCounters(listener: CounterListener, limit = CHANGES): Counters {
  const counters = loadWasm('counters', { host: { tell: listener } }) as CountersModule
  const copy = new SpanCopy(counters)
  counters.setLimit(limit)
  return {
    spans(spans) {
      counters.takeSpans(copy.copy(spans), spans.values.byteLength)
    },
    end() {
      counters.end()
    },
  }
}
