// SPDX-License-Identifier: Apache-2.0
import { tell } from './host'

/** Counters by their place among traceCounters, see src/write/counters.ts. */
export const REQUESTS: u32 = 0
export const TOOLS: u32 = 1
export const QUEUE: u32 = 2
export const INPUT: u32 = 3
export const CACHED: u32 = 4
export const OUTPUT: u32 = 5
export const HIT_RATE: u32 = 6
const COUNTERS = 7

/** The last value of each counter, NaN before the first one. */
const told = memory.data(COUNTERS * 8, 8)
// All bits set are NaN.
memory.fill(told, 0xff, COUNTERS * 8)

@inline
export function lastTold(counter: u32): f64 {
  return load<f64>(told + (counter << 3))
}

/** Tells a value that a counter has from a time on, unless it has it already. */
export function tellChange(counter: u32, timeMs: f64, value: f64): void {
  if (value === lastTold(counter)) return
  store<f64>(told + (counter << 3), value)
  tell(counter, timeMs, value)
}
