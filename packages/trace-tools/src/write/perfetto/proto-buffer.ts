// SPDX-License-Identifier: Apache-2.0

const utf8 = new TextEncoder()

/** A wire type in the low bits of each field's tag. */
const wire = { varint: 0, fixed64: 1, bytes: 2 } as const

/** Which half of a 64-bit integer comes first depends on the machine. */
const LOW = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1

/**
 * A growing buffer of protobuf fields. A message inside another is opened and
 * closed around its fields; its length is filled in when it closes. Most are
 * shorter than 128 bytes, so one byte is left for it, and a longer message
 * moves up by what its length needs: cheaper than to build it elsewhere.
 */
export class ProtoBuffer {
  #bytes: Uint8Array
  #view: DataView
  #length = 0
  readonly #starts: number[] = []
  readonly #u64 = new BigUint64Array(1)
  readonly #halves = new Uint32Array(this.#u64.buffer)

  constructor(capacity = 1 << 16) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Bytes written and not yet taken. */
  get length(): number {
    return this.#length
  }

  /** Empties the buffer. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return bytes
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

  fixed64(field: number, value: bigint): void {
    this.#tag(field, wire.fixed64)
    this.#reserve(8)
    this.#view.setBigUint64(this.#length, value, true)
    this.#length += 8
  }

  double(field: number, value: number): void {
    this.#tag(field, wire.fixed64)
    this.#reserve(8)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
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
    this.#length = start - 1
    this.#varint(size)
    this.#length += size
  }

  #varint(value: number): void {
    this.#reserve(10)
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = (rest % 0x80) | 0x80
    this.#bytes[this.#length++] = rest
  }

  #varint64(value: bigint): void {
    this.#reserve(10)
    this.#u64[0] = value
    let low = this.#halves[LOW] ?? 0
    let high = this.#halves[1 - LOW] ?? 0
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

function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++
  return size
}
