// SPDX-License-Identifier: Apache-2.0
import { CACHED_TOKENS, INPUT_TOKENS, IS_CONTEXT_FREE, OUTPUT_TOKENS } from '../../src/model/told'
import {
  CACHED,
  INPUT,
  MEASURED_CACHED,
  MEASURED_INPUT,
  OUTPUT,
  REQUESTS,
  SUMS,
  UNATTRIBUTED,
} from '../../src/analyze/request-sums'
import { valueOf } from '../spans'

/** Doubles at the places of src/analyze/request-sums.ts. */
export const sums: usize = memory.data(SUMS * 8, 8)

/** A request that does not tell its tokens counts as 0. */
export function sumRequest(span: usize): void {
  const input = valueOf(span, INPUT_TOKENS)
  const cached = valueOf(span, CACHED_TOKENS)
  add(REQUESTS, 1)
  add(UNATTRIBUTED, valueOf(span, IS_CONTEXT_FREE))
  add(INPUT, input)
  add(OUTPUT, valueOf(span, OUTPUT_TOKENS))
  add(CACHED, cached)
  if (isNaN(input) || isNaN(cached)) return
  add(MEASURED_INPUT, input)
  add(MEASURED_CACHED, cached)
}

function add(sum: i32, value: f64): void {
  const at = sums + (<usize>sum << 3)
  if (!isNaN(value)) store<f64>(at, load<f64>(at) + value)
}
