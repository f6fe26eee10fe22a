// SPDX-License-Identifier: Apache-2.0
import { digitAt } from '../text'

/** Powers of ten that a double holds exactly. */
const powersOfTen = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
])

/** Digits of one half of a mantissa: so many, times a power of ten for as many more, are exact in a double. */
const HALF_DIGITS: usize = 9

/** Parts a double into halves whose products with each other are exact (Veltkamp). */
const SPLITTER: f64 = 134217729

/** More than the roundings of a correction amount to, relative to it: 2^-50. */
const DOUBT: f64 = 8.8817841970012523e-16

/** @param exponent Up to 22. */
@inline
export function powerOfTen(exponent: usize): f64 {
  return load<f64>(powersOfTen + (exponent << 3))
}

/**
 * The double that a decimal with more digits than a double holds stands for.
 * Sums of times have 17 digits, so most rows have one.
 *
 * @param start Its first digit.
 * @param fraction The first digit behind the point.
 * @returns NaN where the decimal is too long, or too close to the middle
 * between two doubles to tell.
 */
export function parseLongDecimal(start: usize, fraction: usize, end: usize): f64 {
  if (end - start > 2 * HALF_DIGITS + 1) return NaN
  let upper: f64 = 0
  let lower: f64 = 0
  let upperDigits: usize = 0
  let lowerDigits: usize = 0
  for (let at = start; at < end; at++) {
    if (at === fraction - 1) continue
    const digit = <f64>digitAt(at)
    if (upperDigits < HALF_DIGITS) {
      upper = upper * 10 + digit
      upperDigits++
    } else {
      lower = lower * 10 + digit
      lowerDigits++
    }
  }
  const scaled = upper * powerOfTen(lowerDigits)
  const mantissa = scaled + lower
  return divide(mantissa, lower - (mantissa - scaled), powerOfTen(end - fraction))
}

/**
 * A quotient rounded once. What the first division left is computed exactly
 * (Dekker's product), and the correction that follows from it is certain but
 * for its last bits; where these decide how the sum is rounded, so that it
 * comes out one way with a little less and another with a little more, there
 * is no answer.
 *
 * @param rest Belongs to the mantissa: one double cannot hold their sum.
 */
function divide(mantissa: f64, rest: f64, divisor: f64): f64 {
  const quotient = mantissa / divisor
  const product = quotient * divisor
  const quotientHigh = upperHalf(quotient)
  const quotientLow = quotient - quotientHigh
  const divisorHigh = upperHalf(divisor)
  const divisorLow = divisor - divisorHigh
  const productRest =
    quotientHigh * divisorHigh - product + quotientHigh * divisorLow + quotientLow * divisorHigh + quotientLow * divisorLow
  const correction = (mantissa - product - productRest + rest) / divisor
  const result = quotient + correction * (1 - DOUBT)
  return result === quotient + correction * (1 + DOUBT) ? result : NaN
}

function upperHalf(value: f64): f64 {
  const shifted = value * SPLITTER
  return shifted - (shifted - value)
}
