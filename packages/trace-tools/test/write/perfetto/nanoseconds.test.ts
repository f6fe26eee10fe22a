// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { toNanoseconds } from '../../../src/write/perfetto/nanoseconds.ts'
import { seededRandom } from '../seeded-random.ts'

describe('toNanoseconds', () => {
  it.each([
    { ms: 0, ns: 0n },
    { ms: 1_700_000_000_000, ns: 1_700_000_000_000_000_000n },
    { ms: 1_700_000_000_001, ns: 1_700_000_000_001_000_000n },
    { ms: 1_700_000_000_000.5, ns: 1_700_000_000_000_500_000n },
    { ms: 0.0000014, ns: 1n },
    { ms: 0.9999999, ns: 1_000_000n },
  ])('turns $ms ms into $ns ns', ({ ms, ns }) => {
    expect(toNanoseconds(ms)).toBe(ns)
  })

  it.each([
    { ms: -5, ns: 0n },
    { ms: 1e300, ns: 9_223_372_036_854_000_000n },
  ])('draws $ms ms at the edge of what Perfetto’s clocks can show', ({ ms, ns }) => {
    expect(toNanoseconds(ms)).toBe(ns)
  })

  it('never puts a later time before an earlier one', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 5000; round++) {
      const earlier = 1_700_000_000_000 + random() * 10
      const later = earlier + random() * random() * 0.001
      expect(toNanoseconds(later) >= toNanoseconds(earlier)).toBe(true)
    }
  })
})
