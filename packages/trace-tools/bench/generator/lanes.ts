// SPDX-License-Identifier: Apache-2.0

/** Counts how many spans go on at once at most, which is how many lanes a timeline needs for them. */
export interface LaneCounter {
  /** Spans come by start. One that only touches another does not go on at once with it. */
  add(startNs: number, endNs: number): void
  readonly lanes: number
}

export function createLaneCounter(): LaneCounter {
  /** The ends of spans that may go on still, in no order. */
  const ends: number[] = []
  let lanes = 0
  return {
    get lanes() {
      return lanes
    },
    add(startNs, endNs) {
      for (let index = ends.length - 1; index >= 0; index--) {
        if ((ends[index] ?? 0) > startNs) continue
        const last = ends.pop()
        if (last !== undefined && index < ends.length) ends[index] = last
      }
      ends.push(endNs)
      lanes = Math.max(lanes, ends.length)
    },
  }
}
