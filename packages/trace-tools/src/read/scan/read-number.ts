// SPDX-License-Identifier: Apache-2.0
import { parseLongDecimal, powersOfTen } from './long-decimal.ts'
import type { RowColumns } from './row-columns.ts'
import { areDigits, UNUSUAL, valueOfDigits, type Text } from './text.ts'

const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const UPPER_E = 0x45
const LOWER_E = 0x65

/** Up to here each integer is exact. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER

/** Digits in a word; see areDigits. */
const WORD_DIGITS = 4

/**
 * Reads a number into a column. A mantissa up to 2^53, divided by a power of
 * ten that is exact too, is rounded once, and so is the double that JSON.parse
 * gives.
 *
 * @returns The place behind the number; UNUSUAL for what is none, and for an
 * integer that a double might not hold: core's parser decides what it is worth.
 */
export function readNumber(columns: RowColumns, start: number, column: number): number {
  const { text } = columns
  const { bytes, view } = text
  const first = bytes[start] === MINUS ? start + 1 : start
  let at = first
  /** Place behind the decimal point, once it was met. */
  let fraction = 0
  let mantissa = 0
  for (;;) {
    for (let word = view.getInt32(at, true); areDigits(word); word = view.getInt32(at, true)) {
      mantissa = mantissa * 10_000 + valueOfDigits(word)
      at += WORD_DIGITS
    }
    for (let digit = (bytes[at] ?? 0) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[at] ?? 0) - ZERO) {
      mantissa = mantissa * 10 + digit
      at++
    }
    if (fraction !== 0 || bytes[at] !== DOT) break
    at++
    fraction = at
  }

  const integerEnd = fraction === 0 ? at : fraction - 1
  const hasLeadingZero = bytes[first] === ZERO && integerEnd > first + 1
  if (integerEnd === first || at === fraction || hasLeadingZero) return UNUSUAL
  const next = bytes[at]
  if (next === LOWER_E || next === UPPER_E) {
    at = skipExponent(text, at + 1)
    if (at > 0) setNumberOf(columns, column, bytes.toString('latin1', start, at))
    return at
  }
  let magnitude: number
  const fractionDigits = fraction === 0 ? 0 : at - fraction
  if (mantissa <= MAX_EXACT && fractionDigits < powersOfTen.length) {
    magnitude = mantissa / (powersOfTen[fractionDigits] ?? 1)
  } else {
    if (fraction === 0) return UNUSUAL
    magnitude = parseLongDecimal(bytes, { start: first, fraction, end: at })
    if (Number.isNaN(magnitude)) {
      setNumberOf(columns, column, bytes.toString('latin1', start, at))
      return at
    }
  }
  columns.setNumber(column, first === start ? magnitude : -magnitude)
  return at
}

/** A number without a finite value counts as absent, as for core's parser. */
function setNumberOf(columns: RowColumns, column: number, text: string): void {
  const value = Number(text)
  if (Number.isFinite(value)) columns.setNumber(column, value)
}

function skipExponent(text: Text, start: number): number {
  const sign = text.bytes[start]
  const digits = sign === PLUS || sign === MINUS ? start + 1 : start
  const at = text.skipDigits(digits)
  return at === digits ? UNUSUAL : at
}
