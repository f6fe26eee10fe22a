// SPDX-License-Identifier: Apache-2.0

/** Perfetto's clocks are signed 64-bit nanoseconds; times beyond are drawn at the edge. */
const MAX_MS: f64 = 9223372036854

/** Some 140 thousand years, as src/write/whole-microseconds.ts has it. */
const MAX_US: f64 = 4503599627370495

/** As src/write/whole-microseconds.ts: halves to the even one, and nothing before 1970. */
@inline
export function microseconds(ms: f64): f64 {
  return min(max(nearest(ms * 1000), 0), MAX_US)
}

/**
 * Never puts a later time before an earlier one, so spans that do not overlap
 * in milliseconds do not overlap in nanoseconds.
 */
export function nanoseconds(epochMs: f64): u64 {
  const clamped = min(max(epochMs, 0), MAX_MS)
  const whole = Math.floor(clamped)
  return <u64>whole * 1_000_000 + <u64>Math.round((clamped - whole) * 1_000_000)
}
