// SPDX-License-Identifier: Apache-2.0
import type { Constant } from './constant.ts'
import { ShortDecimals } from './short-decimals.ts'

/** Shorter runs of bytes are faster copied one by one than by a call. */
const SHORT_RUN = 64

const empty = Buffer.alloc(0)

/** Digits of the greatest safe integer. */
const MAX_DIGITS = 16

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const CLOSING_BRACE = 0x7d

/** The greatest integer that SQL knows. */
const MAX_I64 = Buffer.from('9223372036854775807')

/** Bytes that may stand in a JSON string as they are, of ASCII text. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== 0x5c ? 1 : 0,
)

/** Two digits each of 0 to 99, which halves the divisions that printing takes. */
const digitPairs = Buffer.from(Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0')).join(''))

/**
 * JSON as it grows, in bytes: text goes from what was read to what is written
 * without ever becoming a string. Everything that is put in is valid JSON
 * whatever the bytes are, except for raw pieces, which must be.
 */
export class JsonBuffer {
  bytes: Buffer = empty
  length = 0
  #view: DataView = new DataView(empty.buffer)

  /** Begins anew in this memory, whatever was in it. */
  begin(memory: Uint8Array): void {
    this.#use(memory)
    this.length = 0
  }

  /** Makes room for so many bytes more. */
  reserve(extra: number): void {
    if (this.length + extra <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + extra))
    grown.set(this.bytes.subarray(0, this.length))
    this.#use(grown)
  }

  /** Puts in JSON that is the same each time. */
  raw({ words, length }: Constant): void {
    // The last word may reach beyond the end; what comes next covers that.
    this.reserve(words.length * 8)
    const view = this.#view
    let at = this.length
    for (let index = 0; index < words.length; index++, at += 8) view.setFloat64(at, words[index] ?? 0, true)
    this.length += length
  }

  /** Puts in a part of something that is already encoded. */
  copy(source: Uint8Array, from: number, to: number): void {
    const count = to - from
    this.reserve(count)
    if (count <= SHORT_RUN) {
      const { bytes } = this
      let at = this.length
      for (let index = from; index < to; index++) bytes[at++] = source[index] ?? 0
    } else {
      this.bytes.set(source.subarray(from, to), this.length)
    }
    this.length += count
  }

  /** Puts in once more what stands in this buffer already. */
  repeat(from: number, to: number): void {
    this.reserve(to - from)
    this.bytes.copyWithin(this.length, from, to)
    this.length += to - from
  }

  /** Puts in a piece of JSON that is a string in the program. */
  text(json: string): void {
    // A character takes three bytes at most: four are two characters.
    this.reserve(json.length * 3)
    if (!this.#shortText(json)) this.length += this.bytes.write(json, this.length)
  }

  /** Puts in a short text of ASCII, faster than a call does; false for any other, which is not put in. */
  #shortText(text: string): boolean {
    if (text.length > SHORT_RUN) return false
    const { bytes, length } = this
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code >= 0x80) return false
      bytes[length + index] = code
    }
    this.length += text.length
    return true
  }

  /** Puts in UTF-8 as a JSON string. */
  string(source: Uint8Array, start: number, length: number): void {
    this.byte(QUOTE)
    this.characters(source, start, length)
    this.byte(QUOTE)
  }

  /** Puts in UTF-8 as a part of a JSON string. */
  characters(source: Uint8Array, start: number, length: number): void {
    this.reserve(length)
    const { bytes } = this
    const end = start + length
    let at = this.length
    for (let index = start; index < end; index++) {
      const byte = source[index] ?? 0
      if (isPlain[byte] === 0) {
        // What is not ASCII may not be UTF-8 either: decoding it mends that.
        const text = Buffer.from(source.buffer, source.byteOffset + start, length).toString('utf8')
        this.text(JSON.stringify(text).slice(1, -1))
        return
      }
      bytes[at++] = byte
    }
    this.length = at
  }

  /** Puts in a whole number as such; any other as it is. */
  integer(value: number): void {
    if (Number.isSafeInteger(value)) this.#digits(value)
    else this.text(String(value))
  }

  /** Puts in digits as a number, if it is one that every SQL engine keeps exactly; else as a text. */
  digits(source: Uint8Array, start: number, length: number): void {
    if (isInteger(source, start, length)) this.copy(source, start, start + length)
    else this.string(source, start, length)
  }

  /** Parts one member from the next. */
  comma(): void {
    this.byte(COMMA)
  }

  /** Ends an object, behind the last member or its comma. */
  endObject(): void {
    if (this.bytes[this.length - 1] === COMMA) this.length--
    this.byte(CLOSING_BRACE)
  }

  byte(byte: number): void {
    this.reserve(1)
    this.bytes[this.length++] = byte
  }

  /** Puts in a number with a fraction, be it `.0`: SQL divides other numbers as integers. */
  real(value: number): void {
    if (Number.isSafeInteger(value)) {
      this.#digits(value)
      this.byte(POINT)
      this.byte(ZERO)
    } else if (decimals.find(value)) {
      this.#digits(decimals.whole)
      this.byte(POINT)
      this.#decimals(decimals.high, decimals.low)
    } else {
      const text = String(value)
      this.text(Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text)
    }
  }

  #digits(value: number): void {
    this.reserve(MAX_DIGITS + 1)
    if (value < 0) this.bytes[this.length++] = MINUS
    const rest = Math.abs(value)
    if (rest < 1e8) {
      this.#upToEightDigits(rest | 0)
    } else {
      // In two halves: division of doubles is slow, that of 32-bit integers is not.
      const high = Math.floor(rest / 1e8)
      this.#upToEightDigits(high | 0)
      this.#eightDigits((rest - high * 1e8) | 0)
    }
  }

  #upToEightDigits(value: number): void {
    const { bytes } = this
    let at = (this.length += digitsOf(value))
    let rest = value
    for (; rest >= 10; rest = (rest / 100) | 0) {
      const pair = (rest % 100) * 2
      bytes[--at] = digitPairs[pair + 1] ?? 0
      bytes[--at] = digitPairs[pair] ?? 0
    }
    if (rest > 0 || value === 0) bytes[at - 1] = ZERO + rest
  }

  /** Puts in two times eight digits, without zeros at the end. */
  #decimals(high: number, low: number): void {
    this.reserve(16)
    this.#eightDigits(high | 0)
    if (low > 0) this.#eightDigits(low | 0)
    while (this.bytes[this.length - 1] === ZERO) this.length--
  }

  #eightDigits(value: number): void {
    const { bytes } = this
    let rest = value
    for (let at = this.length + 6; at >= this.length; at -= 2) {
      const hundredth = (rest / 100) | 0
      const pair = (rest - hundredth * 100) * 2
      bytes[at] = digitPairs[pair] ?? 0
      bytes[at + 1] = digitPairs[pair + 1] ?? 0
      rest = hundredth
    }
    this.length += 8
  }

  #use(memory: Uint8Array): void {
    this.bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.length)
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.length)
  }
}

const decimals = new ShortDecimals()

/** Whether digits are a JSON number of at most 63 bits. */
function isInteger(source: Uint8Array, start: number, length: number): boolean {
  if (length === 0 || length > MAX_I64.length || (length > 1 && source[start] === ZERO)) return false
  let order = 0
  for (let index = 0; index < length; index++) {
    const digit = source[start + index] ?? 0
    if (digit < ZERO || digit > NINE) return false
    if (order === 0) order = digit - (MAX_I64[index] ?? 0)
  }
  return length < MAX_I64.length || order <= 0
}

/** How many digits a number below 10^8 has. */
function digitsOf(value: number): number {
  if (value < 10_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4
  return value < 1_000_000 ? (value < 100_000 ? 5 : 6) : value < 10_000_000 ? 7 : 8
}
