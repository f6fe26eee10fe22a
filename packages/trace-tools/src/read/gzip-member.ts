// SPDX-License-Identifier: Apache-2.0
import { crc32 } from 'node:zlib'

/** What every member begins with (RFC 1952, section 2.3.1). */
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08])

/** Whether these bytes say that gzip data begin here, in whatever way they are compressed. */
export function hasGzipMagic(head: Uint8Array): boolean {
  return head[0] === MAGIC[0] && head[1] === MAGIC[1]
}

/** A header, the shortest data there are, and the trailer. */
export const SMALLEST_MEMBER_BYTES = 20

/** Where a member may begin, be it with the last bytes only; the length of the bytes where none does. */
export function findMember(bytes: Buffer, from = 0): number {
  const start = bytes.indexOf(MAGIC, from)
  if (start !== -1) return start
  for (let at = Math.max(from, bytes.length - MAGIC.length + 1); at < bytes.length; at++) {
    if (bytes[at] === MAGIC[0] && (at + 1 === bytes.length || bytes[at + 1] === MAGIC[1])) return at
  }
  return bytes.length
}

/** The last thing in a member: the check sum of what it gives, and how many bytes that are. */
const TRAILER_BYTES = 8

/**
 * Tells where a member is over, which zlib keeps to itself: where it ends with
 * the number of bytes that it gave. Only of data that are not compressed at all
 * may the next few bytes, taken for more of them, make up for a gap; there
 * the check sum is looked at too, which would cost too much for all data.
 */
export class MemberEnd {
  #taken = 0
  #given = 0
  #checkSum = 0
  #isCompressed = false
  #lastTaken: Buffer = Buffer.alloc(0)

  /** A member begins with what is taken next. */
  begin(): void {
    this.#taken = 0
    this.#given = 0
    this.#checkSum = 0
    this.#isCompressed = false
  }

  /** Bytes of the member. */
  take(bytes: Buffer): void {
    this.#taken += bytes.length
    const last = bytes.length < TRAILER_BYTES ? Buffer.concat([this.#lastTaken, bytes]) : bytes
    this.#lastTaken = last.subarray(-TRAILER_BYTES)
  }

  /** What was made of the bytes that were taken so far. */
  give(bytes: Uint8Array): void {
    this.#given += bytes.length
    this.#isCompressed ||= this.#given > this.#taken
    if (!this.#isCompressed) this.#checkSum = crc32(bytes, this.#checkSum)
  }

  /** Whether another member may follow what was taken so far. */
  get isHere(): boolean {
    if (this.#taken === 0) return true
    if (this.#taken < SMALLEST_MEMBER_BYTES || this.#lastTaken.readUInt32LE(4) !== this.#given % 2 ** 32) return false
    return this.#isCompressed || this.#lastTaken.readUInt32LE(0) === this.#checkSum
  }
}
