// SPDX-License-Identifier: Apache-2.0

// Hashes of 64 bits in two halves, as src/read/word-hash.ts takes them.

/** Two odd multipliers that mix well and not alike. */
const LOW_MULTIPLIER: u32 = 0x9e3779b1
const HIGH_MULTIPLIER: u32 = 0x85ebca6b

export let low: u32 = 0
export let high: u32 = 0

/** @param seed Tells this hash from others of the same words. */
@inline
export function beginHash(seed: u32): void {
  low = LOW_MULTIPLIER ^ seed
  high = HIGH_MULTIPLIER ^ seed
}

@inline
export function mixWord(word: u32): void {
  low = mixed(low, word, LOW_MULTIPLIER)
  high = mixed(high, word, HIGH_MULTIPLIER)
}

export function mixBytes(start: usize, length: i32): void {
  const end = start + length
  let lowHash = low
  let highHash = high
  let at = start
  for (; at + 4 <= end; at += 4) {
    const word = load<u32>(at)
    lowHash = mixed(lowHash, word, LOW_MULTIPLIER)
    highHash = mixed(highHash, word, HIGH_MULTIPLIER)
  }
  for (; at < end; at++) {
    const byte = <u32>load<u8>(at)
    lowHash = mixed(lowHash, byte, LOW_MULTIPLIER)
    highHash = mixed(highHash, byte, HIGH_MULTIPLIER)
  }
  low = lowHash
  high = highHash
}

/** Hashes the id of a tool call, as src/read/call-hash.ts does. */
export function hashCall(start: usize, length: i32): void {
  beginHash(length)
  mixBytes(start, length)
  low ^= low >>> 15
  high ^= high >>> 13
}

/** Lets every bit depend on every other one: the finalizer of murmur3. */
export function finished(hash: u32): u32 {
  const once = (hash ^ (hash >>> 16)) * 0x85ebca6b
  const twice = (once ^ (once >>> 13)) * 0xc2b2ae35
  return twice ^ (twice >>> 16)
}

/** Multiplication takes each bit to higher ones, rotation to lower ones. */
@inline
export function mixed(hash: u32, word: u32, multiplier: u32): u32 {
  return rotl<u32>((hash ^ word) * multiplier, 13)
}
