// SPDX-License-Identifier: Apache-2.0

const utf8 = new TextEncoder()

/** A wire type in the low bits of each field's tag. */
const wire = { varint: 0, fixed64: 1, bytes: 2 } as const

const MAX_INT32 = 0x7fffffff
const BITS_28 = 2 ** 28

/** Where a 64-bit integer is taken apart. Which half comes first depends on the machine. */
const u64 = new BigUint64Array(1)
const halves = new Uint32Array(u64.buffer)
const LOW = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1

/**
 * A growing buffer of protobuf fields. A message inside another is opened and
 * closed around its fields; its length is filled in when it closes. Most are
 * shorter than 128 bytes, so one byte is left for it, and a longer message
 * moves up by what its length needs: cheaper than to build it elsewhere.
 *
 * Fields that are written millions of times are claimed as a whole and filled
 * in by the caller, which is several times as fast.
 */
export class ProtoBuffer {
  #bytes: Uint8Array
  #view: DataView
  #length = 0
  readonly #starts: number[] = []

  /** @param room Bytes to begin with. */
  constructor(room = 1 << 16) {
    this.#bytes = new Uint8Array(room)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Bytes written and not yet taken. */
  get length(): number {
    return this.#length
  }

  /** What was written, good until more is. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** What was written, and room behind it: another array when the buffer has grown. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** Takes the bytes and leaves the buffer empty. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return bytes
  }

  /** Takes back everything behind a length. */
  cutTo(length: number): void {
    this.#length = length
  }

  /**
   * Makes the buffer longer, for the caller to fill in at once.
   *
   * @returns Where in `bytes` the new part begins.
   */
  claim(size: number): number {
    this.#reserve(size)
    const start = this.#length
    this.#length += size
    return start
  }

  /** Fills in an unsigned integer up to 2^53, which takes varintSize bytes. */
  setVarint(at: number, value: number): void {
    const bytes = this.#bytes
    let place = at
    let rest = value
    // Shifts are much faster than divisions, and most numbers are small.
    if (value > MAX_INT32) {
      const high = Math.floor(value / BITS_28)
      const low = value - high * BITS_28
      bytes[place++] = low | 0x80
      bytes[place++] = (low >>> 7) | 0x80
      bytes[place++] = (low >>> 14) | 0x80
      bytes[place++] = (low >>> 21) | 0x80
      rest = high
    }
    let small = rest | 0
    for (; small >= 0x80; small >>>= 7) bytes[place++] = small | 0x80
    bytes[place] = small
  }

  /** Fills in a double, which takes eight bytes. */
  setDouble(at: number, value: number): void {
    this.#view.setFloat64(at, value, true)
  }

  /** Appends bytes that are encoded already. */
  appendBytes(source: Uint8Array): void {
    const at = this.claim(source.length)
    this.#bytes.set(source, at)
  }

  /**
   * Appends a text of ASCII, which takes a byte for each character: ids do.
   *
   * @returns False where it is not; then something of it was written.
   */
  appendAscii(text: string): boolean {
    let at = this.claim(text.length)
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      if (unit >= 0x80) return false
      this.#bytes[at++] = unit
    }
    return true
  }

  /** Begins a message inside the current one. */
  open(field: number): void {
    this.#tag(field, wire.bytes)
    this.#reserve(1)
    this.#starts.push(++this.#length)
  }

  /** Ends the message that was opened last. */
  close(): void {
    const start = this.#starts.pop()
    if (start === undefined) throw new Error('no message is open')
    this.#fillInLength(start)
  }

  /** An unsigned integer up to 2^53. */
  varint(field: number, value: number): void {
    this.#tag(field, wire.varint)
    this.#varint(value)
  }

  /** An integer of 64 bits; a negative one takes ten bytes, as protobuf's int64 does. */
  varint64(field: number, value: bigint): void {
    this.#tag(field, wire.varint)
    this.#varint64(value)
  }

  double(field: number, value: number): void {
    this.#tag(field, wire.fixed64)
    this.setDouble(this.claim(8), value)
  }

  text(field: number, value: string): void {
    this.#tag(field, wire.bytes)
    // A UTF-16 code unit takes three bytes of UTF-8 at most.
    this.#reserve(1 + value.length * 3)
    const start = ++this.#length
    this.#length += utf8.encodeInto(value, this.#bytes.subarray(start)).written
    this.#fillInLength(start)
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType)
  }

  #fillInLength(start: number): void {
    const size = this.#length - start
    if (size < 0x80) {
      this.#bytes[start - 1] = size
      return
    }
    const extra = varintSize(size) - 1
    this.#reserve(extra)
    this.#bytes.copyWithin(start + extra, start, this.#length)
    this.#length += extra
    this.setVarint(start - 1, size)
  }

  #varint(value: number): void {
    this.setVarint(this.claim(varintSize(value)), value)
  }

  #varint64(value: bigint): void {
    this.#reserve(10)
    u64[0] = value
    let low = halves[LOW] ?? 0
    let high = halves[1 - LOW] ?? 0
    while (high !== 0 || low >= 0x80) {
      this.#bytes[this.#length++] = (low & 0x7f) | 0x80
      low = ((low >>> 7) | (high << 25)) >>> 0
      high >>>= 7
    }
    this.#bytes[this.#length++] = low
  }

  #reserve(size: number): void {
    const needed = this.#length + size
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** Bytes that an unsigned integer up to 2^53 takes. */
export function varintSize(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  let size = 3
  for (let limit = 0x200000; value >= limit; limit *= 0x80) size++
  return size
}
