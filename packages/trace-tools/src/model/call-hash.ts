// SPDX-License-Identifier: Apache-2.0
import { textLength, textStart, type RowReference } from '../read/row-batch.ts'

/**
 * Hashes the ids of tool calls to 64 bits in two signed halves, which stay
 * here: decoding the id of each call, or an object for each hash, would cost
 * more than all that is done with it.
 */
export class CallHash {
  low = 0
  high = 0

  ofBytes(bytes: Uint8Array, start: number, length: number): this {
    let low = 0x811c9dc5 | 0
    let high = 0x9e3779b9 | 0
    const end = start + length
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0
      low = Math.imul(low ^ byte, 0x01000193)
      high = Math.imul(high ^ byte, 0x85ebca6b) ^ (high >>> 15)
    }
    this.low = low
    this.high = high ^ (high >>> 13)
    return this
  }

  ofRow(row: RowReference, column: number): this {
    return this.ofBytes(row.batch.bytes, textStart(row, column), textLength(row, column))
  }

  ofText(text: string): this {
    const bytes = Buffer.from(text)
    return this.ofBytes(bytes, 0, bytes.length)
  }

  /** Makes it the hash of one start of a call. */
  startedAt(startedAtMs: number): this {
    this.low = Math.imul(this.low ^ (startedAtMs % 0x100000000), 0x01000193)
    this.high = Math.imul(this.high ^ Math.floor(startedAtMs / 0x100000000), 0x85ebca6b)
    return this
  }
}
