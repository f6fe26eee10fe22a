// SPDX-License-Identifier: Apache-2.0
import type { Pending } from './pending.ts'

/** Settled places at the front are given back when there are more of them than of others. */
const MIN_SETTLED = 64

/** What was read of a trajectory and is not settled, by time. */
export class PendingQueue {
  readonly #items: Pending[] = []
  #head = 0
  #lastStartMs = -Infinity
  /** Whether requests began in the order in which they ended. */
  startsInOrder = true

  /** The earliest. */
  get first(): Pending | undefined {
    return this.#items[this.#head]
  }

  /** Takes the earliest out. */
  drop(): void {
    this.#head++
    if (this.#head === this.#items.length) {
      this.#items.length = 0
      this.#head = 0
      this.#lastStartMs = -Infinity
      this.startsInOrder = true
    } else if (this.#head >= MIN_SETTLED && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head)
      this.#head = 0
    }
  }

  /** Rows come nearly in order, so the place is mostly at the end. */
  insert(item: Pending): void {
    const items = this.#items
    const isLast = !isBefore(item, items[items.length - 1])
    if (item.kind === 'request') {
      if (!isLast || item.startMs < this.#lastStartMs) this.startsInOrder = false
      this.#lastStartMs = item.startMs
    }
    if (isLast) {
      items.push(item)
      return
    }
    let low = this.#head
    let high = items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(item, items[middle])) high = middle
      else low = middle + 1
    }
    items.splice(low, 0, item)
  }

  /** Up to `limit` of the earliest. */
  *ahead(limit: number): Generator<Pending, void, undefined> {
    const end = Math.min(this.#items.length, this.#head + limit)
    for (let at = this.#head; at < end; at++) {
      const item = this.#items[at]
      if (item !== undefined) yield item
    }
  }

  /** One of the earliest, from 0; the hot loops do without a generator. */
  at(index: number): Pending | undefined {
    return this.#items[this.#head + index]
  }
}

/** At the same time, what ended before what starts, and tools before requests, so that a result comes before who got it. */
function isBefore(item: Pending, other: Pending | undefined): boolean {
  if (other === undefined || item.timeMs > other.timeMs) return false
  return item.timeMs < other.timeMs || item.rank < other.rank
}
