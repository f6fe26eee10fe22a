// SPDX-License-Identifier: Apache-2.0
import type { Pending } from './pending.ts'

/** Settled places at the front are given back when there are more of them than of others. */
const MIN_SETTLED = 64

/** More places than that are moved faster by a call than one by one. */
const MANY = 64

/**
 * What was read of a trajectory and is not settled, by time. Places stay when
 * they are settled, to be used again: an array that is cut gives up its memory.
 */
export class PendingQueue {
  readonly #items: (Pending | undefined)[] = []
  /** Their times once more: to look at an item that stands in memory for a while costs more than all the rest. */
  readonly #times: number[] = []
  #head = 0
  #end = 0
  #lastStartMs = -Infinity
  /** Whether requests began in the order in which they ended. */
  startsInOrder = true

  /** Takes the earliest out, if its time has come. */
  takeUntil(untilMs: number): Pending | undefined {
    if (this.#head === this.#end || !((this.#times[this.#head] ?? 0) <= untilMs)) return undefined
    const first = this.#items[this.#head]
    // Nobody else may hold on to it, and the place may stay as it is for as long as the trace is read.
    this.#items[this.#head] = undefined
    this.#drop()
    return first
  }

  #drop(): void {
    this.#head++
    if (this.#head === this.#end) {
      this.#head = 0
      this.#end = 0
      this.#lastStartMs = -Infinity
      this.startsInOrder = true
    } else if (this.#head >= MIN_SETTLED && this.#head * 2 > this.#end) {
      this.#items.splice(0, this.#head)
      this.#times.splice(0, this.#head)
      this.#end -= this.#head
      this.#head = 0
    }
  }

  /** Gives back the memory of settled places. */
  rest(): void {
    if (this.#end > 0) return
    this.#items.length = 0
    this.#times.length = 0
  }

  /** Rows come nearly in order, so the place is mostly at the end. */
  insert(item: Pending): void {
    const place = this.#isBefore(item, this.#end - 1) ? this.#placeOf(item) : this.#end
    if (item.kind === 'request') {
      if (place < this.#end || item.startMs < this.#lastStartMs) this.startsInOrder = false
      this.#lastStartMs = item.startMs
    }
    this.#makeRoom(place)
    this.#items[place] = item
    this.#times[place] = item.timeMs
    this.#end++
  }

  /** Moves what stands at a place and behind it on by one. */
  #makeRoom(place: number): void {
    const items = this.#items
    const times = this.#times
    if (this.#end - place > MANY) {
      items.length = this.#end
      times.length = this.#end
      items.splice(place, 0, undefined)
      times.splice(place, 0, 0)
      return
    }
    for (let at = this.#end; at > place; at--) {
      items[at] = items[at - 1]
      times[at] = times[at - 1] ?? 0
    }
  }

  /** Up to `limit` of the earliest. */
  ahead(limit: number): readonly Pending[] {
    return this.#items.slice(this.#head, Math.min(this.#end, this.#head + limit)).filter((item) => item !== undefined)
  }

  /** One of the earliest, from 0; the hot loops do without a copy. */
  at(index: number): Pending | undefined {
    const place = this.#head + index
    return place < this.#end ? this.#items[place] : undefined
  }

  #placeOf(item: Pending): number {
    let low = this.#head
    let high = this.#end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#isBefore(item, middle)) high = middle
      else low = middle + 1
    }
    return low
  }

  /** At the same time the lower rank comes first, so that a result comes before who got it. */
  #isBefore({ timeMs, rank }: Pending, place: number): boolean {
    if (place < this.#head) return false
    const otherMs = this.#times[place] ?? 0
    return timeMs < otherMs || (timeMs === otherMs && rank < (this.#items[place]?.rank ?? 0))
  }
}
