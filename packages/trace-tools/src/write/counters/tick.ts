// SPDX-License-Identifier: Apache-2.0

/** How far apart points are told when there are very many: as close as anyone can see of a long trace. */
export const TICK_MS = 100

/** The tick that a time lies in. */
export function tickOf(timeMs: number): number {
  return Math.floor(timeMs / TICK_MS)
}
