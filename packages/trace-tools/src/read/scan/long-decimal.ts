// SPDX-License-Identifier: Apache-2.0

const ZERO = 0x30

/** Powers of ten that a double holds exactly. */
export const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** Digits of one half of a mantissa: so many, times a power of ten for as many more, are exact in a double. */
const HALF_DIGITS = 9

/** Parts a double into halves whose products with each other are exact (Veltkamp). */
const SPLITTER = 2 ** 27 + 1

/** More than the roundings of a correction amount to, relative to it. */
const DOUBT = 2 ** -50

/** Where a decimal stands. */
export interface DecimalPlaces {
  /** Its first digit. */
  readonly start: number
  /** The first digit behind the point. */
  readonly fraction: number
  readonly end: number
}

/**
 * The double that a decimal with more digits than a double holds stands for.
 * Sums of times have 17 digits, so most rows have one, and to make a string
 * for Number takes ten times as long.
 *
 * @returns NaN where the decimal is too long, or too close to the middle
 * between two doubles to tell.
 */
export function parseLongDecimal(bytes: Uint8Array, { start, fraction, end }: DecimalPlaces): number {
  if (end - start > 2 * HALF_DIGITS + 1) return Number.NaN
  let upper = 0
  let lower = 0
  let upperDigits = 0
  let lowerDigits = 0
  for (let at = start; at < end; at++) {
    if (at === fraction - 1) continue
    const digit = (bytes[at] ?? 0) - ZERO
    if (upperDigits < HALF_DIGITS) {
      upper = upper * 10 + digit
      upperDigits++
    } else {
      lower = lower * 10 + digit
      lowerDigits++
    }
  }
  const scaled = upper * (powersOfTen[lowerDigits] ?? 0)
  const mantissa = scaled + lower
  return divide({ mantissa, rest: lower - (mantissa - scaled) }, powersOfTen[end - fraction] ?? 1)
}

/**
 * A quotient rounded once. What the first division left is computed exactly
 * (Dekker's product), and the correction that follows from it is certain but
 * for its last bits; where these decide how the sum is rounded, so that it
 * comes out one way with a little less and another with a little more, there
 * is no answer.
 *
 * @param dividend The sum of two doubles: one alone cannot hold it.
 */
function divide({ mantissa, rest }: { mantissa: number; rest: number }, divisor: number): number {
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
  return result === quotient + correction * (1 + DOUBT) ? result : Number.NaN
}

function upperHalf(value: number): number {
  const shifted = value * SPLITTER
  return shifted - (shifted - value)
}
