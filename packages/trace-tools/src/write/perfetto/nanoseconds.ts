// SPDX-License-Identifier: Apache-2.0

/** Perfetto's clocks are signed 64-bit nanoseconds; times beyond are drawn at the edge. */
const MAX_MS = 9_223_372_036_854

/**
 * Epoch milliseconds to nanoseconds, without passing 1.7e18 through a double.
 * Never puts a later time before an earlier one, so spans that do not overlap
 * in milliseconds do not overlap in nanoseconds.
 */
export function toNanoseconds(ms: number): bigint {
  const clamped = Math.min(Math.max(ms, 0), MAX_MS)
  const whole = Math.floor(clamped)
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((clamped - whole) * 1e6))
}
