// SPDX-License-Identifier: Apache-2.0
import { append } from './append.ts'

/**
 * Lanes for spans that come one after the other, so that nothing overlaps on
 * one lane. Spans that only touch may share a lane, and so may several of no
 * length at the same moment.
 *
 * Each span takes the lane that became free last before it, which keeps a
 * chain of spans on one lane and leaves those that became free earlier to
 * longer spans. Where spans come by their end, those of one end by their
 * start, there are never more lanes than spans overlap at once. In any other
 * order a lane counts as busy up to its last end, so that spans still never
 * overlap, on more lanes perhaps than need be.
 *
 * Rounding all times alike cannot undo this as long as it never puts a later
 * time before an earlier one.
 */
export class LaneSet {
  /** Up to when the lanes are taken, the earliest first, and which lanes these are. */
  #ends: number[] = []
  #lanes: number[] = []

  /** How many lanes there are. */
  get size(): number {
    return this.#lanes.length
  }

  /**
   * Finds the lane of the next span, and opens one where all are taken.
   *
   * @param start Of the span, in any unit that is the same for all of them.
   * @param end Not before the start.
   * @returns The lane's number, from 0 in order of opening.
   */
  assign(start: number, end: number): number {
    const place = this.#lastFreeAt(start)
    if (place === -1) return this.#open(end)
    const lane = this.#lanes[place] ?? 0
    this.#settle(place, lane, end)
    return lane
  }

  /** Place of the lane that became free last by a time, -1 where none is free. */
  #lastFreeAt(time: number): number {
    const ends = this.#ends
    let low = 0
    let high = ends.length
    // A chain of spans on one lane is by far the most common.
    if (high > 0 && (ends[high - 1] ?? 0) <= time) return high - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((ends[middle] ?? 0) <= time) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Moves a lane whose end grew to its place among the others. */
  #settle(from: number, lane: number, end: number): void {
    const ends = this.#ends
    const lanes = this.#lanes
    let place = from
    for (; place + 1 < ends.length && (ends[place + 1] ?? 0) <= end; place++) {
      ends[place] = ends[place + 1] ?? 0
      lanes[place] = lanes[place + 1] ?? 0
    }
    ends[place] = end
    lanes[place] = lane
  }

  #open(end: number): number {
    const lane = this.#lanes.length
    const ends = append(this.#ends, end)
    const lanes = append(this.#lanes, lane)
    this.#ends = ends
    this.#lanes = lanes
    let place = lane
    for (; place > 0 && (ends[place - 1] ?? 0) > end; place--) {
      ends[place] = ends[place - 1] ?? 0
      lanes[place] = lanes[place - 1] ?? 0
    }
    ends[place] = end
    lanes[place] = lane
    return lane
  }
}
