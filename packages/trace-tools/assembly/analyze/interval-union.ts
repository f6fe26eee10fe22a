// SPDX-License-Identifier: Apache-2.0
import { allocate, enlarge } from '../memory'

/** Stretches of time that are told apart at once: 4 MiB. */
const MAX_STRETCHES: u32 = 1 << 18

const FIRST_ROOM: u32 = 64

/** Time that is covered without a gap. */
@unmanaged
class Stretch {
  startMs: f64
  endMs: f64
}

const STRETCH_BYTES: u32 = <u32>offsetof<Stretch>()

/**
 * How much time a number of intervals cover together. They come nearly in
 * order, so most of them go into the last stretch or make a new one behind it.
 *
 * Memory is bounded: of a time that is covered in more pieces than that, the
 * earlier half is summed up and closed, and what comes for it afterwards does
 * not count.
 */
@unmanaged
export class IntervalUnion {
  closedMs: f64
  closedUntil: f64
  /** In order of time, none touches another one. */
  stretches: usize
  room: u32
  count: u32
  /** The last stretch; while there is none its times are NaN. */
  last: Stretch

  begin(): void {
    this.closedUntil = -Infinity
    this.stretches = allocate(FIRST_ROOM * STRETCH_BYTES)
    this.room = FIRST_ROOM
    this.last = this.at(0)
    this.last.startMs = NaN
    this.last.endMs = NaN
  }

  /** The whole time that is covered. */
  totalMs(): f64 {
    let sum = this.closedMs
    for (let index: u32 = 0; index < this.count; index++) sum += this.lengthMs(index)
    return sum
  }

  @inline
  add(startMs: f64, endMs: f64): void {
    const last = this.last
    if (!(startMs >= last.startMs && startMs <= last.endMs)) this.place(startMs, endMs)
    else if (endMs > last.endMs) last.endMs = endMs
  }

  /** Puts an interval where it belongs. */
  place(startMs: f64, endMs: f64): void {
    const from = startMs < this.closedUntil ? this.closedUntil : startMs
    if (!(endMs > from)) return
    const first = this.firstEndingAtOrAfter(from)
    let after = first
    while (after < this.count && this.at(after).startMs <= endMs) after++
    if (after === first) {
      this.insert(first, from, endMs)
      return
    }
    const united = this.at(first)
    united.startMs = min(united.startMs, from)
    united.endMs = max(this.at(after - 1).endMs, endMs)
    if (after > first + 1) this.move(after, first + 1)
  }

  firstEndingAtOrAfter(timeMs: f64): u32 {
    let low: u32 = 0
    let high = this.count
    // Mostly it is the last one, or would be behind it.
    if (this.last.endMs < timeMs) return high
    if (high > 1 && this.at(high - 2).endMs < timeMs) return high - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at(middle).endMs < timeMs) low = middle + 1
      else high = middle
    }
    return low
  }

  insert(index: u32, startMs: f64, endMs: f64): void {
    if (this.count === MAX_STRETCHES) {
      this.closeHalf()
      this.place(startMs, endMs)
      return
    }
    if (this.count === this.room) this.grow()
    this.move(index, index + 1)
    const stretch = this.at(index)
    stretch.startMs = startMs
    stretch.endMs = endMs
  }

  /** Moves the stretches from one place on to another place. */
  move(from: u32, to: u32): void {
    const bytes = (this.count - from) * STRETCH_BYTES
    memory.copy(changetype<usize>(this.at(to)), changetype<usize>(this.at(from)), bytes)
    this.count += to - from
    this.last = this.at(this.count - 1)
  }

  closeHalf(): void {
    const half = this.count >>> 1
    for (let index: u32 = 0; index < half; index++) this.closedMs += this.lengthMs(index)
    this.closedUntil = this.at(half - 1).endMs
    this.move(half, 0)
  }

  grow(): void {
    const bytes = this.room * STRETCH_BYTES
    this.stretches = enlarge(this.stretches, bytes, bytes * 2)
    this.room *= 2
  }

  @inline
  at(index: u32): Stretch {
    return changetype<Stretch>(this.stretches + index * STRETCH_BYTES)
  }

  @inline
  lengthMs(index: u32): f64 {
    return this.at(index).endMs - this.at(index).startMs
  }
}
