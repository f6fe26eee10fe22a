// SPDX-License-Identifier: Apache-2.0
import type { Random } from './random.ts'

const ZERO = 0x30
const POINT = 0x2e
const COMMA = 0x2c
const HYPHEN = 0x2d
const HEX_DIGITS = Buffer.from('0123456789abcdef')

/** Whole numbers below it have nine digits at most, and are small ones to the engine. */
const NINE_DIGITS = 1e9

/** Encodes a text once that is written often. */
export function encode(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

/**
 * ASCII text in the making. Numbers and ids are written digit by digit:
 * strings that live only until they are joined would cost most of the time.
 */
export class TextBuffer {
  readonly #bytes: Buffer
  #length = 0

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity)
  }

  get length(): number {
    return this.#length
  }

  /** A view of what is written, valid until something else is written. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  toString(): string {
    return this.#bytes.toString('latin1', 0, this.#length)
  }

  /** Forgets what is written from there on. */
  truncate(length: number): void {
    this.#length = length
  }

  /** Text that is encoded already: see encode(). */
  bytes(bytes: Uint8Array): this {
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  /** What another buffer holds, up to a length. */
  copy(other: TextBuffer, length: number): this {
    this.#length += other.#bytes.copy(this.#bytes, this.#length, 0, length)
    return this
  }

  comma(): this {
    return this.#byte(COMMA)
  }

  text(text: string): this {
    this.#length += this.#bytes.write(text, this.#length, 'latin1')
    return this
  }

  /** A whole number, not negative and below 10^18. */
  integer(value: number): this {
    if (value < NINE_DIGITS) return this.#digits(value, countDigits(value))
    const high = Math.floor(value / NINE_DIGITS)
    return this.#digits(high, countDigits(high)).#digits(value - high * NINE_DIGITS, 9)
  }

  /** A double in its shortest form, as Rust writes it: 71.0 where JavaScript has 71. */
  float(value: number): this {
    return this.text(Number.isInteger(value) ? `${value}.0` : `${value}`)
  }

  /**
   * Nanoseconds as a double of milliseconds. Dynamo goes by way of seconds,
   * and gets 24.938572999999998 now and then where it had 24.938573.
   */
  milliseconds(ns: number): this {
    const value = (ns / 1e9) * 1000
    if (value !== ns / 1e6) return this.float(value)
    const whole = Math.floor(ns / 1e6)
    this.integer(whole)
    this.#byte(POINT).#digits(ns - whole * 1e6, 6)
    while (this.#bytes[this.#length - 1] === ZERO && this.#bytes[this.#length - 2] !== POINT) this.#length--
    return this
  }

  /** The UUID, of version 4, that belongs to a whole number. */
  uuid(number: number): this {
    const a = mix(number, 0x1b873593)
    const b = mix(number, 0xcc9e2d51)
    const c = mix(number, 0x38b34ae5)
    const d = mix(number, 0xa1e38b93)
    this.#hex(a >>> 16).#hex(a).#byte(HYPHEN).#hex(b >>> 16).#byte(HYPHEN).#hex((b & 0x0fff) | 0x4000).#byte(HYPHEN)
    return this.#hex((c & 0x3fff) | 0x8000).#byte(HYPHEN).#hex(c >>> 16).#hex(d >>> 16).#hex(d)
  }

  /** A random u64 of 16 digits at least: nearly all of them are more than a double can hold. */
  u64(random: Random): this {
    // 18446 · 10^15 is the last such step below 2^64.
    const high = random.between(1, 18_445)
    return this.#digits(high, countDigits(high)).#digits(random.bits() % 1e9, 9).#digits(random.bits() % 1e6, 6)
  }

  #digits(value: number, count: number): this {
    let rest = value | 0
    for (let place = this.#length + count - 1; place >= this.#length; place--) {
      const tenth = (rest / 10) | 0
      this.#bytes[place] = ZERO + rest - tenth * 10
      rest = tenth
    }
    this.#length += count
    return this
  }

  #hex(bits: number): this {
    const at = this.#length
    this.#bytes[at] = HEX_DIGITS[(bits >>> 12) & 15] ?? 0
    this.#bytes[at + 1] = HEX_DIGITS[(bits >>> 8) & 15] ?? 0
    this.#bytes[at + 2] = HEX_DIGITS[(bits >>> 4) & 15] ?? 0
    this.#bytes[at + 3] = HEX_DIGITS[bits & 15] ?? 0
    this.#length = at + 4
    return this
  }

  #byte(byte: number): this {
    this.#bytes[this.#length++] = byte
    return this
  }
}

function countDigits(value: number): number {
  let count = 1
  for (let limit = 10; limit <= value; limit *= 10) count++
  return count
}

/** 32 bits that depend on all bits of a whole number, for each salt in another way (the finalizer of MurmurHash3). */
function mix(number: number, salt: number): number {
  let bits = Math.imul(number ^ salt, 0x9e3779b1) ^ Math.imul(Math.floor(number / 2 ** 32) ^ salt, 0x85ebca77)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
