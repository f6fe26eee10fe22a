// SPDX-License-Identifier: Apache-2.0

/** Some 140 thousand years: two such times have an exact sum, of which engines can make nanoseconds. */
const MAX_US = 2 ** 52 - 1

/** Epoch milliseconds to integer microseconds; nothing is drawn before 1970. */
export function microseconds(ms: number): number {
  return Math.max(roundMicroseconds(ms), 0)
}

/**
 * Milliseconds to integer microseconds, halves to the even one, as Python
 * rounds: so times come out as those of the converter that ships with Dynamo,
 * where starts and durations are rounded each by itself. Never puts a later
 * time before an earlier one.
 */
export function roundMicroseconds(ms: number): number {
  const exact = ms * 1000
  const rounded = Math.round(exact)
  const even = rounded - exact === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
  return Math.min(Math.max(even, -MAX_US), MAX_US)
}
