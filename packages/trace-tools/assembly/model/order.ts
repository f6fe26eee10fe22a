// SPDX-License-Identifier: Apache-2.0
import { allocate, enlarge, release } from '../memory'

/** Something that has its turn at a time. */
@unmanaged
export class Turn {
  timeMs: f64
  item: usize
}

/** Things that are put in order of time; those of the same time stay in the order in which they came. */
@unmanaged
export class Order {
  turns: usize
  capacity: u32
  count: u32

  begin(capacity: u32): void {
    this.turns = 0
    this.capacity = 0
    this.count = 0
    this.reserve(max(1, capacity))
  }

  end(): void {
    release(this.turns, this.capacity * offsetof<Turn>())
  }

  @inline
  at(index: u32): Turn {
    return changetype<Turn>(this.turns + index * offsetof<Turn>())
  }

  add(timeMs: f64, item: usize): void {
    if (this.count === this.capacity) this.reserve(this.capacity * 2)
    const turn = this.at(this.count++)
    turn.timeMs = timeMs
    turn.item = item
  }

  reserve(capacity: u32): void {
    this.turns = enlarge(this.turns, this.capacity * offsetof<Turn>(), capacity * offsetof<Turn>())
    this.capacity = capacity
  }

  /** Merges ever longer runs; those that are in order already, as most are, stay where they are. */
  sort(): void {
    const count = this.count
    const size = count * offsetof<Turn>()
    if (this.isSorted()) return
    const spare = allocate(size)
    for (let run: u32 = 1; run < count; run *= 2) {
      for (let from: u32 = 0; from + run < count; from += run * 2) {
        this.merge(from, from + run, min(from + run * 2, count), spare)
      }
    }
    release(spare, size)
  }

  isSorted(): bool {
    for (let index: u32 = 1; index < this.count; index++) {
      if (this.at(index - 1).timeMs > this.at(index).timeMs) return false
    }
    return true
  }

  merge(from: u32, middle: u32, end: u32, spare: usize): void {
    if (!(this.at(middle - 1).timeMs > this.at(middle).timeMs)) return
    // Only the first run is moved out of the way.
    const moved = middle - from
    memory.copy(spare, changetype<usize>(this.at(from)), moved * offsetof<Turn>())
    let first: u32 = 0
    let second = middle
    for (let to = from; first < moved; to++) {
      const turn = changetype<Turn>(spare + first * offsetof<Turn>())
      const isSecond = second < end && this.at(second).timeMs < turn.timeMs
      const next = isSecond ? this.at(second++) : turn
      if (!isSecond) first++
      const place = this.at(to)
      place.timeMs = next.timeMs
      place.item = next.item
    }
  }
}
