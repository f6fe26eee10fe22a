// SPDX-License-Identifier: Apache-2.0

/** Stretches of time that are told apart at once: 4 MiB. */
const MAX_STRETCHES = 1 << 18

/**
 * How much time a number of intervals cover together. They come nearly in
 * order, so most of them go into the last stretch or make a new one behind it.
 *
 * Memory is bounded: of a time that is covered in more pieces than that, the
 * earlier half is summed up and closed, and what comes for it afterwards does
 * not count.
 */
export class IntervalUnion {
  #starts = new Float64Array(64)
  #ends = new Float64Array(64)
  #length = 0
  #closedMs = 0
  #closedUntil = -Infinity

  /** The whole time that is covered. */
  get totalMs(): number {
    let sum = this.#closedMs
    for (let at = 0; at < this.#length; at++) sum += (this.#ends[at] ?? 0) - (this.#starts[at] ?? 0)
    return sum
  }

  add(startMs: number, endMs: number): void {
    const from = startMs < this.#closedUntil ? this.#closedUntil : startMs
    if (!(endMs > from)) return
    if (this.#length === 0 || from > (this.#ends[this.#length - 1] ?? 0)) {
      this.#insert(this.#length, from, endMs)
      return
    }
    const first = this.#firstEndingAtOrAfter(from)
    let after = first
    let unitedStart = from
    let unitedEnd = endMs
    while (after < this.#length && (this.#starts[after] ?? 0) <= endMs) {
      unitedStart = Math.min(unitedStart, this.#starts[after] ?? 0)
      unitedEnd = Math.max(unitedEnd, this.#ends[after] ?? 0)
      after++
    }
    if (after === first) {
      this.#insert(first, from, endMs)
      return
    }
    this.#starts[first] = unitedStart
    this.#ends[first] = unitedEnd
    if (after > first + 1) this.#move(after, first + 1)
  }

  #firstEndingAtOrAfter(timeMs: number): number {
    let low = 0
    let high = this.#length
    // Mostly it is the last one, or next to it.
    if (high > 1 && (this.#ends[high - 2] ?? 0) < timeMs) return high - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ends[middle] ?? 0) < timeMs) low = middle + 1
      else high = middle
    }
    return low
  }

  #insert(at: number, startMs: number, endMs: number): void {
    if (this.#length === MAX_STRETCHES) {
      this.#closeHalf()
      this.add(startMs, endMs)
      return
    }
    if (this.#length === this.#starts.length) this.#grow()
    this.#move(at, at + 1)
    this.#starts[at] = startMs
    this.#ends[at] = endMs
  }

  #move(from: number, to: number): void {
    this.#starts.copyWithin(to, from, this.#length)
    this.#ends.copyWithin(to, from, this.#length)
    this.#length += to - from
  }

  #closeHalf(): void {
    const half = this.#length >>> 1
    for (let at = 0; at < half; at++) this.#closedMs += (this.#ends[at] ?? 0) - (this.#starts[at] ?? 0)
    this.#closedUntil = this.#ends[half - 1] ?? this.#closedUntil
    this.#move(half, 0)
  }

  #grow(): void {
    const starts = new Float64Array(this.#starts.length * 2)
    const ends = new Float64Array(this.#ends.length * 2)
    starts.set(this.#starts)
    ends.set(this.#ends)
    this.#starts = starts
    this.#ends = ends
  }
}
