// SPDX-License-Identifier: Apache-2.0
import { append } from './append.ts'

/** Most sets expect nothing late, and have no room for it. */
const none: number[] = []

/**
 * Lanes for spans that come one after the other, so that nothing overlaps on
 * one lane. Spans that only touch may share a lane, and so may several of no
 * length at the same moment.
 *
 * Each span takes the lane that became free last before it, which keeps a
 * chain of spans on one lane and leaves those that became free earlier to
 * longer spans. Where spans come by their end, those of one end by their
 * start, there are never more lanes than spans overlap at once. In any other
 * order a lane counts as busy up to its last end, but for what it leaves free
 * behind the latest mark, so that spans still never overlap, on more lanes
 * perhaps than need be.
 *
 * Rounding all times alike cannot undo this as long as it never puts a later
 * time before an earlier one.
 */
export class LaneSet {
  /** Up to when the lanes are taken, the earliest first, and which lanes these are. */
  #ends: number[] = []
  #lanes: number[] = []
  #markedAt: number
  /**
   * Up to when each lane stays free from the mark on: Infinity where nothing
   * has come since, -Infinity where it was taken.
   */
  #freeUntil: number[] = none

  /** @param options.expectsLate Spans may come late, before the first mark from any time on. */
  constructor({ expectsLate = false }: { readonly expectsLate?: boolean } = {}) {
    this.#markedAt = expectsLate ? -Infinity : Infinity
  }

  /** How many lanes there are. */
  get size(): number {
    return this.#lanes.length
  }

  /**
   * From now on a span may come late that begins at this time, as that of a
   * tool call does of which nobody ever heard.
   */
  mark(time: number): void {
    this.#markedAt = time
    for (let lane = 0; lane < this.#freeUntil.length; lane++) this.#freeUntil[lane] = Infinity
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
    if (place === -1) return this.#squeezeIn(start, end) ?? this.#open(start, end)
    const lane = this.#lanes[place] ?? 0
    if (this.#freeUntil[lane] === Infinity) {
      this.#freeUntil[lane] = (this.#ends[place] ?? 0) <= this.#markedAt ? start : -Infinity
    }
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

  /** Finds a lane that is free between the mark and what came first behind it. */
  #squeezeIn(start: number, end: number): number | undefined {
    if (start < this.#markedAt) return undefined
    // One on which nothing has come since is still taken by what came before.
    const lane = this.#freeUntil.findIndex((until) => end <= until && until < Infinity)
    if (lane === -1) return undefined
    this.#freeUntil[lane] = start
    return lane
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

  #open(start: number, end: number): number {
    const lane = this.#lanes.length
    if (this.#markedAt < Infinity) this.#freeUntil = append(this.#freeUntil, start)
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
