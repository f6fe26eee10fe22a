// SPDX-License-Identifier: Apache-2.0

/** How far apart points are told when there are very many: as close as anyone can see of a long trace. */
export const TICK_MS: f64 = 100

/** The tick that a time lies in. */
@inline
export function tickOf(timeMs: f64): i64 {
  return <i64>Math.floor(timeMs / TICK_MS)
}
