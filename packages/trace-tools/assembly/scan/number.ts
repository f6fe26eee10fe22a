// SPDX-License-Identifier: Apache-2.0
import { digitAt, skipDigits } from '../text'
import { setNumber } from './columns'
import { parseLongDecimal, powerOfTen } from './long-decimal'
import { UNUSUAL } from './unusual'

const PLUS: u8 = 0x2b
const MINUS: u8 = 0x2d
const DOT: u8 = 0x2e
const ZERO: u8 = 0x30
const UPPER_E: u8 = 0x45
const LOWER_E: u8 = 0x65

/** Up to here each integer is exact in a double. */
const MAX_EXACT: u64 = (1 << 53) - 1

/** Digits that an integer of 64 bits always holds. */
const U64_DIGITS: usize = 19

const MAX_POWER: usize = 22

/** What JavaScript's Number makes of a text; NaN where that is not finite. */
@external('host', 'parseNumber')
export declare function parseNumber(start: usize, end: usize): f64

/**
 * Reads a number into a column. A mantissa up to 2^53, divided by a power of
 * ten that is exact too, is rounded once, and so is the double that JSON.parse
 * gives.
 *
 * @returns The place behind the number; UNUSUAL for what is none, and for an
 * integer that a double might not hold: core's parser decides what it is worth.
 */
export function readNumber(start: usize, column: i32): usize {
  const first = load<u8>(start) === MINUS ? start + 1 : start
  let at = first
  let mantissa: u64 = 0
  for (let digit = digitAt(at); digit <= 9; digit = digitAt(++at)) mantissa = mantissa * 10 + digit
  const integerEnd = at
  if (integerEnd === first || (load<u8>(first) === ZERO && integerEnd > first + 1)) return UNUSUAL
  let fraction = at
  let digits = at - first
  if (load<u8>(at) === DOT) {
    fraction = ++at
    for (let digit = digitAt(at); digit <= 9; digit = digitAt(++at)) mantissa = mantissa * 10 + digit
    if (at === fraction) return UNUSUAL
    digits += at - fraction
  }
  const next = load<u8>(at)
  if (next === LOWER_E || next === UPPER_E) {
    at = skipExponent(at + 1)
    if (at !== UNUSUAL) setNumber(column, parseNumber(start, at))
    return at
  }
  const isInteger = fraction === integerEnd
  const fractionDigits = at - fraction
  let magnitude: f64
  if (digits <= U64_DIGITS && mantissa <= MAX_EXACT && fractionDigits <= MAX_POWER) {
    magnitude = isInteger ? <f64>mantissa : <f64>mantissa / powerOfTen(fractionDigits)
  } else {
    if (isInteger) return UNUSUAL
    magnitude = parseLongDecimal(first, fraction, at)
    if (isNaN(magnitude)) {
      setNumber(column, parseNumber(start, at))
      return at
    }
  }
  setNumber(column, first === start ? magnitude : -magnitude)
  return at
}

function skipExponent(start: usize): usize {
  const sign = load<u8>(start)
  const digits = sign === PLUS || sign === MINUS ? start + 1 : start
  const at = skipDigits(digits)
  return at === digits ? UNUSUAL : at
}
