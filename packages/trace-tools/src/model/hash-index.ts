// SPDX-License-Identifier: Apache-2.0

const FIRST_SLOTS = 256

/** Words of a slot: both halves of a hash, and its number from 1. */
const SLOT_WORDS = 4

/**
 * Numbers by hashes of 64 bits in two signed halves. All that is looked at for
 * one stands in one place of memory: a Map and what it leads to are several,
 * and to wait for each of them costs more than all the rest.
 */
export class HashIndex {
  #words = new Int32Array(FIRST_SLOTS * SLOT_WORDS)
  #entries = 0

  /** The number that was set; -1 for a hash that is new. */
  get(low: number, high: number): number {
    return (this.#words[this.#find(low, high) + 2] ?? 0) - 1
  }

  set(low: number, high: number, value: number): void {
    if (++this.#entries * SLOT_WORDS * 2 > this.#words.length) this.#grow()
    const slot = this.#find(low, high)
    this.#words[slot] = low
    this.#words[slot + 1] = high
    this.#words[slot + 2] = value + 1
  }

  /** Where a hash stands, or belongs. */
  #find(low: number, high: number): number {
    const words = this.#words
    const mask = words.length - 1
    for (let slot = (low * SLOT_WORDS) & mask; ; slot = (slot + SLOT_WORDS) & mask) {
      if (words[slot + 2] === 0 || (words[slot] === low && words[slot + 1] === high)) return slot
    }
  }

  #grow(): void {
    const full = this.#words
    this.#words = new Int32Array(full.length * 2)
    for (let at = 0; at < full.length; at += SLOT_WORDS) {
      const low = full[at] ?? 0
      const high = full[at + 1] ?? 0
      if (full[at + 2] !== 0) this.#words.set(full.subarray(at, at + SLOT_WORDS), this.#find(low, high))
    }
  }
}
