// SPDX-License-Identifier: Apache-2.0
import { LENGTH } from '../src/model/told'

// Settled spans that the host has copied, in doubles at the places that src/model/told.ts names.

@inline
export function valueOf(span: usize, place: i32): f64 {
  return load<f64>(span + (<usize>place << 3))
}

/** Where the next span stands. */
@inline
export function behind(span: usize): usize {
  return span + (<usize>valueOf(span, LENGTH) << 3)
}
