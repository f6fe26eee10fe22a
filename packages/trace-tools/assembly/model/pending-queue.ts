// SPDX-License-Identifier: Apache-2.0
import { enlarge, release } from '../memory'
import { REQUEST } from './pending'

/** What stands in a queue: when its turn comes, what it is, and where. */
@unmanaged
class Place {
  timeMs: f64
  kind: u32
  item: usize
}

const FIRST_PLACES: u32 = 8

/** Settled places at the front are given back when there are more of them than of others. */
const MIN_SETTLED: u32 = 64

/** What was read of a trajectory and is not settled, by time. */
@unmanaged
export class PendingQueue {
  places: usize
  capacity: u32
  head: u32
  end: u32
  /** Whether requests began in the order in which they ended. */
  startsInOrder: bool
  /** Up to what is settled last of those that did not. */
  unorderedUntilMs: f64
  /** When the one began that began last. */
  lastStartMs: f64

  begin(): void {
    this.head = 0
    this.end = 0
    this.startsInOrder = true
    this.lastStartMs = -Infinity
  }

  get count(): u32 {
    return this.end - this.head
  }

  /** One of the earliest, from 0. */
  @inline
  at(index: u32): Place {
    return this.place(this.head + index)
  }

  @inline
  isDue(untilMs: f64): bool {
    return this.head !== this.end && this.at(0).timeMs <= untilMs
  }

  /** Takes the earliest out. */
  drop(): void {
    this.head++
    if (this.head === this.end) {
      this.begin()
      return
    }
    if (!this.startsInOrder && this.at(0).timeMs > this.unorderedUntilMs) this.startsInOrder = true
    if (this.head >= MIN_SETTLED && this.head * 2 > this.end) {
      memory.copy(this.places, this.places + this.head * offsetof<Place>(), this.count * offsetof<Place>())
      this.end -= this.head
      this.head = 0
    }
  }

  /** Gives back the memory of settled places. */
  rest(): void {
    if (this.end > 0 || this.capacity === 0) return
    release(this.places, this.capacity * offsetof<Place>())
    this.places = 0
    this.capacity = 0
  }

  insertRequest(item: usize, timeMs: f64, startMs: f64): void {
    const isLast = this.insert(REQUEST, item, timeMs)
    if (!isLast || startMs < this.lastStartMs) {
      this.startsInOrder = false
      this.unorderedUntilMs = this.place(this.end - 1).timeMs
    }
    // One that was put in between says nothing of those behind it.
    this.lastStartMs = max(this.lastStartMs, startMs)
  }

  /** Rows come nearly in order, so the place is mostly at the end. @returns Whether it is. */
  insert(kind: u32, item: usize, timeMs: f64): bool {
    if (this.end === this.capacity) this.grow()
    const isLast = this.head === this.end || !isBefore(timeMs, kind, this.place(this.end - 1))
    const place = isLast ? this.place(this.end) : this.makeRoom(timeMs, kind)
    place.timeMs = timeMs
    place.kind = kind
    place.item = item
    this.end++
    return isLast
  }

  makeRoom(timeMs: f64, kind: u32): Place {
    let low = this.head
    let high = this.end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(timeMs, kind, this.place(middle))) high = middle
      else low = middle + 1
    }
    const place = this.place(low)
    const from = changetype<usize>(place)
    memory.copy(from + offsetof<Place>(), from, (this.end - low) * offsetof<Place>())
    return place
  }

  grow(): void {
    const capacity = max(FIRST_PLACES, this.capacity * 2)
    this.places = enlarge(this.places, this.capacity * offsetof<Place>(), capacity * offsetof<Place>())
    this.capacity = capacity
  }

  @inline
  place(index: u32): Place {
    return changetype<Place>(this.places + index * offsetof<Place>())
  }
}

@inline
export function isBefore(timeMs: f64, kind: u32, place: Place): bool {
  return timeMs < place.timeMs || (timeMs === place.timeMs && kind < place.kind)
}
