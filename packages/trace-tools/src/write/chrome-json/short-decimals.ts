// SPDX-License-Identifier: Apache-2.0

/** What halves of a fraction count: 10^-16 in all. */
const HALF = 1e8

/** Bits of a fraction that can be multiplied by HALF without loss, in a double of 53. */
const HIGH_BITS = 2 ** 26

/** Half the distance from 1 to the next double, in units of 10^-16. */
const HALF_STEP = 2 ** -53 * 1e16

/** From here on, more than an hour in milliseconds, rounding may reach the upper half of the decimals. */
const MAX_VALUE = 2 ** 22

/** Keeps off the exact middle between two doubles, where rounding of what is computed here might tip over. */
const SAFE = 1 - 1e-6

/**
 * Finds a short decimal number that means a given double, which is what
 * printing a double is about; several times as fast as `String`, for numbers
 * of the size that durations in milliseconds have. Such a number has 16
 * decimals at most: they are computed exactly, in two times eight digits, and
 * rounded to as few as still lie closer to this double than to another.
 */
export class ShortDecimals {
  whole = 0
  /** The decimals, eight in each. */
  high = 0
  low = 0

  /** False for a number that it cannot be found for; nothing is said of that number then. */
  find(value: number): boolean {
    if (!(value >= 0.5 && value < MAX_VALUE)) return false
    const whole = Math.floor(value)
    const fraction = value - whole

    // Two products that are exact, because each factor has few bits.
    const coarse = Math.floor(fraction * HIGH_BITS) / HIGH_BITS
    const coarseProduct = coarse * HALF
    const fineProduct = (fraction - coarse) * HALF
    const high = Math.floor(coarseProduct + fineProduct)
    const low = (coarseProduct - high + fineProduct) * HALF

    const reach = HALF_STEP * SAFE * (whole === 0 ? 0.5 : 2 ** (31 - Math.clz32(whole)))
    let best = Math.round(low)
    if (Math.abs(best - low) > reach) return false
    for (let unit = 10; unit < HALF; unit *= 10) {
      const rounder = Math.round(low / unit) * unit
      if (Math.abs(rounder - low) > reach) break
      best = rounder
    }
    // What rounds up to the next of the higher digits is too rare to be carried over.
    if (best >= HALF || low < 0) return false
    this.whole = whole
    this.high = high
    this.low = best
    return true
  }
}
