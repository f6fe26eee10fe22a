// SPDX-License-Identifier: Apache-2.0
import { DECODE_START_MS, END_MS, PREFILL_END_MS, START_MS, WAIT_END_MS } from '../../src/model/told'
import { valueOf } from '../spans'
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

/** The ends of stages are durations from the start, and so is when decode began; NaN where nothing says. */
export function coverRequest(span: usize): void {
  const startMs = valueOf(span, START_MS)
  const endMs = valueOf(span, END_MS)
  const waitEndMs = valueOf(span, WAIT_END_MS)
  const prefillEndMs = valueOf(span, PREFILL_END_MS)
  const waitEnd = startMs + waitEndMs
  const prefillEnd = startMs + prefillEndMs
  if (waitEndMs > 0) wait.add(startMs, waitEnd)
  if (prefillEndMs > waitEndMs) {
    prefill.add(waitEnd, prefillEnd)
    wait.add(waitEnd, prefillEnd)
  }
  const decodeStart = startMs + valueOf(span, DECODE_START_MS)
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
