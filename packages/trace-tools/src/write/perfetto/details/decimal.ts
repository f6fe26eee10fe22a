// SPDX-License-Identifier: Apache-2.0
import type { ProtoBuffer } from '../proto-buffer.ts'

const ZERO = 0x30
const NINE = 0x39
const BITS_28 = 2 ** 28
const MAX_DIGITS = 20

/**
 * A u64 read from decimal digits, in parts of 28, 28 and 8 bits: most worker
 * ids are beyond what a double holds, and a BigInt for each of millions is slow.
 */
export class Decimal {
  #low = 0
  #middle = 0
  #high = 0

  /** @returns Whether the bytes are digits of a u64 and nothing else. */
  read(bytes: Uint8Array, start: number, length: number): boolean {
    if (length === 0 || length > MAX_DIGITS) return false
    const end = start + length
    // Up to nine digits are an integer of 32 bits, and up to fifteen are exact in a double.
    const first = Math.min(start + 9, end)
    const second = Math.min(start + 15, end)
    const upper = readDigits(bytes, start, first) * powerOfTen(second - first) + readDigits(bytes, first, second)
    const lower = readDigits(bytes, second, end)
    if (upper < 0 || lower < 0) return false
    const scale = powerOfTen(end - second)
    const upperHigh = Math.floor(upper / BITS_28)
    const low = (upper - upperHigh * BITS_28) * scale + lower
    const carry = Math.floor(low / BITS_28)
    const rest = upperHigh * scale + carry
    this.#low = low - carry * BITS_28
    this.#high = Math.floor(rest / BITS_28)
    this.#middle = rest - this.#high * BITS_28
    return this.#high <= 0xff
  }

  /** Bytes that it takes as a varint. */
  get size(): number {
    if (this.#high > 0) return this.#high > 0x7f ? 10 : 9
    const part = this.#middle > 0 ? this.#middle : this.#low
    const bytes = part < 0x80 ? 1 : part < 0x4000 ? 2 : part < 0x200000 ? 3 : 4
    return this.#middle > 0 ? 4 + bytes : bytes
  }

  /** @param field One whose tag takes one byte. */
  write(buffer: ProtoBuffer, field: number): void {
    const { size } = this
    const at = buffer.claim(1 + size) + 1
    const { bytes } = buffer
    bytes[at - 1] = field << 3
    for (let index = 0; index < size; index++) {
      const part = index < 4 ? this.#low : index < 8 ? this.#middle : this.#high
      bytes[at + index] = (part >>> ((index & 3) * 7)) | 0x80
    }
    bytes[at + size - 1] = (bytes[at + size - 1] ?? 0) & 0x7f
  }
}

/** @returns A number below 0 where a byte is no digit. */
function readDigits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte < ZERO || byte > NINE) return NOT_A_NUMBER
    value = value * 10 + (byte - ZERO)
  }
  return value
}

/** Far enough below 0 that no sum with it comes near. */
const NOT_A_NUMBER = -1e16

/** Up to a million. */
function powerOfTen(exponent: number): number {
  let power = 1
  for (let rest = exponent; rest > 0; rest--) power *= 10
  return power
}
