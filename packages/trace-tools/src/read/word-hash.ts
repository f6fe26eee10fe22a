// SPDX-License-Identifier: Apache-2.0

/** Two odd multipliers that mix well and not alike, so that two hashes of 32 bits are as good as one of 64. */
export const LOW_MULTIPLIER = 0x9e3779b1
export const HIGH_MULTIPLIER = 0x85ebca6b

const WORD_BYTES = 4

/** A hash of 64 bits in two signed halves. */
export interface HashHalves {
  readonly low: number
  readonly high: number
}

/** A hash of words and bytes, which stays here: an object for each would cost more than all that is done with it. */
export class WordHash implements HashHalves {
  low = 0
  high = 0

  /** @param seed Tells this hash from others of the same words. */
  begin(seed = 0): void {
    this.low = LOW_MULTIPLIER ^ seed
    this.high = HIGH_MULTIPLIER ^ seed
  }

  mix(word: number): void {
    this.low = mix(this.low, word, LOW_MULTIPLIER)
    this.high = mix(this.high, word, HIGH_MULTIPLIER)
  }

  mixBytes(view: DataView, start: number, length: number): void {
    const end = start + length
    let { low, high } = this
    let at = start
    for (; at + WORD_BYTES <= end; at += WORD_BYTES) {
      const word = view.getInt32(at, true)
      low = mix(low, word, LOW_MULTIPLIER)
      high = mix(high, word, HIGH_MULTIPLIER)
    }
    for (; at < end; at++) {
      const byte = view.getUint8(at)
      low = mix(low, byte, LOW_MULTIPLIER)
      high = mix(high, byte, HIGH_MULTIPLIER)
    }
    this.low = low
    this.high = high
  }
}

/** Multiplication takes each bit to higher ones, rotation to lower ones. */
function mix(hash: number, word: number, multiplier: number): number {
  const mixed = Math.imul(hash ^ word, multiplier)
  return (mixed << 13) | (mixed >>> 19)
}
