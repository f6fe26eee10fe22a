// SPDX-License-Identifier: Apache-2.0
import { IntervalUnion } from './interval-union'

const UNION_BYTES: u32 = <u32>offsetof<IntervalUnion>()

/** In the order of the names in src/analyze/wall-time.ts. */
const LAYERS: u32 = 6
const layers = memory.data(LAYERS * UNION_BYTES, 8)
for (let index: u32 = 0; index < LAYERS; index++) layer(index).begin()

// Each covers what those before it do and something more, which is its own part.
const decode = layer(0)
const prefill = layer(1)
const wait = layer(2)
const request = layer(3)
const tools = layer(4)
const agent = layer(5)

@inline
export function layer(index: u32): IntervalUnion {
  return changetype<IntervalUnion>(layers + index * UNION_BYTES)
}

/** @param decodeStartMs A duration from the start, as the ends of stages are; NaN where nothing says when decode began. */
export function coverRequest(startMs: f64, endMs: f64, waitEndMs: f64, prefillEndMs: f64, decodeStartMs: f64): void {
  const waitEnd = startMs + waitEndMs
  const prefillEnd = startMs + prefillEndMs
  if (waitEndMs > 0) wait.add(startMs, waitEnd)
  if (prefillEndMs > waitEndMs) {
    prefill.add(waitEnd, prefillEnd)
    wait.add(waitEnd, prefillEnd)
  }
  const decodeStart = startMs + decodeStartMs
  if (decodeStart < endMs) {
    decode.add(decodeStart, endMs)
    prefill.add(decodeStart, endMs)
    wait.add(decodeStart, endMs)
  }
  request.add(startMs, endMs)
  tools.add(startMs, endMs)
}

export function coverTools(startMs: f64, endMs: f64): void {
  tools.add(startMs, endMs)
}

export function coverAgent(startMs: f64, endMs: f64): void {
  agent.add(startMs, endMs)
}

/** How much time a layer covers. */
export function coveredMs(index: u32): f64 {
  return layer(index).totalMs()
}
