// SPDX-License-Identifier: Apache-2.0
import { HIGH_MULTIPLIER, LOW_MULTIPLIER, WordHash } from './word-hash.ts'

/** Hashes the ids of tool calls: decoding the id of each would cost more than all that is done with it. */
export class CallHash extends WordHash {
  /** @param view Of the bytes that the id stands in. */
  ofBytes(view: DataView, start: number, length: number): this {
    this.begin(length)
    this.mixBytes(view, start, length)
    this.low ^= this.low >>> 15
    this.high ^= this.high >>> 13
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
