// SPDX-License-Identifier: Apache-2.0

/** Perfetto's clocks are signed 64-bit nanoseconds; times beyond are drawn at the edge. */
const MAX_MS = 9_223_372_036_854

const BITS_28 = 2 ** 28
const NS_PER_MS = 1_000_000

/**
 * A time in nanoseconds as its varint takes it: nine bytes of seven bits each,
 * in parts of 28, 28 and 7 bits. An epoch time in nanoseconds is beyond what a
 * double holds exactly, and a BigInt for each of millions of packets is slow.
 */
export class Moment {
  low = 0
  middle = 0
  high = 0

  /**
   * Never puts a later time before an earlier one, so spans that do not overlap
   * in milliseconds do not overlap in nanoseconds.
   */
  set(epochMs: number): void {
    const clamped = Math.min(Math.max(epochMs, 0), MAX_MS)
    const whole = Math.floor(clamped)
    const upper = Math.floor(whole / BITS_28)
    // Each product and sum stays below 2^53.
    const lower = (whole - upper * BITS_28) * NS_PER_MS + Math.round((clamped - whole) * NS_PER_MS)
    const carry = Math.floor(lower / BITS_28)
    const rest = upper * NS_PER_MS + carry
    this.low = lower - carry * BITS_28
    this.high = Math.floor(rest / BITS_28)
    this.middle = rest - this.high * BITS_28
  }

  get nanoseconds(): bigint {
    return (BigInt(this.high) << 56n) | (BigInt(this.middle) << 28n) | BigInt(this.low)
  }
}
