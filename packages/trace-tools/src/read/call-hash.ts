// SPDX-License-Identifier: Apache-2.0

/** Two odd multipliers that mix well and not alike. */
const LOW_MULTIPLIER = 0x9e3779b1
const HIGH_MULTIPLIER = 0x85ebca6b
const WORD_BYTES = 4

/** A hash of 64 bits in two signed halves. */
export interface HashHalves {
  readonly low: number
  readonly high: number
}

/**
 * Hashes the ids of tool calls to 64 bits in two signed halves, which stay
 * here: decoding the id of each call, or an object for each hash, would cost
 * more than all that is done with it.
 */
export class CallHash implements HashHalves {
  low = 0
  high = 0

  /** @param view Of the bytes that the id stands in. */
  ofBytes(view: DataView, start: number, length: number): this {
    const end = start + length
    let low = LOW_MULTIPLIER ^ length
    let high = HIGH_MULTIPLIER ^ length
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
    this.low = low ^ (low >>> 15)
    this.high = high ^ (high >>> 13)
    return this
  }

  ofText(text: string): this {
    const { buffer, byteOffset, length } = Buffer.from(text)
    return this.ofBytes(new DataView(buffer, byteOffset, length), 0, length)
  }

  /** Makes it the hash of one start of a call. */
  startedAt(startedAtMs: number): this {
    this.low = Math.imul(this.low ^ (startedAtMs % 0x100000000), LOW_MULTIPLIER)
    this.high = Math.imul(this.high ^ Math.floor(startedAtMs / 0x100000000), HIGH_MULTIPLIER)
    return this
  }
}

/** Multiplication takes each bit to higher ones, rotation to lower ones. */
function mix(hash: number, word: number, multiplier: number): number {
  const mixed = Math.imul(hash ^ word, multiplier)
  return (mixed << 13) | (mixed >>> 19)
}
