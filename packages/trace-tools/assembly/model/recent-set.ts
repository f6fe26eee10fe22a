// SPDX-License-Identifier: Apache-2.0
import { allocateZeros, release } from '../memory'

const FIRST_SLOTS: u32 = 1 << 11
const GROWTH: u32 = 4

/**
 * Remembers hashes of 64 bits, in bounded memory: when one generation is full,
 * the one before is forgotten.
 */
@unmanaged
export class RecentSet {
  /** How many of the last hashes are remembered at least; up to 32 bytes for each. */
  capacity: u32
  /** Slots of 8 bytes; 0 marks a free one. */
  current: usize
  mask: u32
  entries: u32
  /** 0 where there is none. */
  previous: usize
  previousMask: u32

  begin(capacity: u32): void {
    this.capacity = capacity
    this.mask = FIRST_SLOTS - 1
    this.current = allocateZeros(FIRST_SLOTS << 3)
  }

  /** Reads where a hash would stand, so that add() and has() need not wait for it. */
  @inline
  touch(hash: u64): u64 {
    const place = placeOf(hash)
    const word = load<u64>(this.current + ((place & this.mask) << 3))
    return this.previous === 0 ? word : word ^ load<u64>(this.previous + ((place & this.previousMask) << 3))
  }

  /** @returns Whether the hash was new. */
  add(hash: u64): bool {
    const word = select<u64>(1, hash, hash === 0)
    if (this.previous !== 0 && load<u64>(find(this.previous, this.previousMask, word)) !== 0) return false
    const slot = find(this.current, this.mask, word)
    if (load<u64>(slot) !== 0) return false
    store<u64>(slot, word)
    if (++this.entries * 2 > this.mask + 1) this.makeRoom()
    return true
  }

  has(hash: u64): bool {
    const word = select<u64>(1, hash, hash === 0)
    if (load<u64>(find(this.current, this.mask, word)) !== 0) return true
    return this.previous !== 0 && load<u64>(find(this.previous, this.previousMask, word)) !== 0
  }

  makeRoom(): void {
    const full = this.current
    const slots = this.mask + 1
    if (this.entries >= this.capacity) {
      // The one that is forgotten is as large as the next one will be.
      const free = this.previousMask === this.mask ? this.previous : 0
      if (free !== 0) memory.fill(free, 0, slots << 3)
      this.current = free !== 0 ? free : allocateZeros(slots << 3)
      this.previous = full
      this.previousMask = this.mask
      this.entries = 0
      return
    }
    const mask = slots * GROWTH - 1
    const grown = allocateZeros((slots * GROWTH) << 3)
    for (let at: u32 = 0; at < slots; at++) {
      const word = load<u64>(full + (at << 3))
      if (word !== 0) store<u64>(find(grown, mask, word), word)
    }
    release(full, slots << 3)
    this.current = grown
    this.mask = mask
  }
}

/** Where the hash stands, or belongs. */
@inline
export function find(slots: usize, mask: u32, word: u64): usize {
  let slot = placeOf(word) & mask
  while (true) {
    const place = slots + (slot << 3)
    const found = load<u64>(place)
    if (found === word || found === 0) return place
    slot = (slot + 1) & mask
  }
}

@inline
export function placeOf(word: u64): u32 {
  return <u32>word ^ <u32>(word >> 32)
}
