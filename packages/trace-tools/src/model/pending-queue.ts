// SPDX-License-Identifier: Apache-2.0
import type { Pending } from './pending.ts'

/** Settled places at the front are given back when there are more of them than of others. */
const MIN_SETTLED = 64

/**
 * What was read of a trajectory and is not settled, by time. Places stay when
 * they are settled, to be used again: an array that is cut gives up its memory.
 */
export class PendingQueue {
  readonly #items: Pending[] = []
  #head = 0
  #end = 0
  #lastStartMs = -Infinity
  /** Whether requests began in the order in which they ended. */
  startsInOrder = true

  /** The earliest. */
  get first(): Pending | undefined {
    return this.#head < this.#end ? this.#items[this.#head] : undefined
  }

  /** Takes the earliest out. */
  drop(): void {
    this.#head++
    if (this.#head === this.#end) {
      this.#head = 0
      this.#end = 0
      this.#lastStartMs = -Infinity
      this.startsInOrder = true
    } else if (this.#head >= MIN_SETTLED && this.#head * 2 > this.#end) {
      this.#items.splice(0, this.#head)
      this.#end -= this.#head
      this.#head = 0
    }
  }

  /** Rows come nearly in order, so the place is mostly at the end. */
  insert(item: Pending): void {
    const items = this.#items
    const last = this.#end > this.#head ? items[this.#end - 1] : undefined
    const isLast = last === undefined || !isBefore(item, last)
    if (item.kind === 'request') {
      if (!isLast || item.startMs < this.#lastStartMs) this.startsInOrder = false
      this.#lastStartMs = item.startMs
    }
    if (isLast) items[this.#end] = item
    else items.splice(this.#placeOf(item), 0, item)
    this.#end++
  }

  /** Up to `limit` of the earliest. */
  ahead(limit: number): readonly Pending[] {
    return this.#items.slice(this.#head, Math.min(this.#end, this.#head + limit))
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
      const other = this.#items[middle]
      if (other !== undefined && isBefore(item, other)) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** At the same time the lower rank comes first, so that a result comes before who got it. */
function isBefore(item: Pending, other: Pending): boolean {
  return item.timeMs < other.timeMs || (item.timeMs === other.timeMs && item.rank < other.rank)
}
