// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createEventModule } from '../../../src/write/perfetto/event-module.ts'
import { seededRandom } from '../seeded-random.ts'

const module = createEventModule({ describeLane: () => undefined })
const nanoseconds = (epochMs: number) => module.nanoseconds(epochMs)

describe('nanoseconds', () => {
  it.each([
    { ms: 0, ns: 0n },
    { ms: 268.435456, ns: 268_435_456n },
    { ms: 1_700_000_000_000, ns: 1_700_000_000_000_000_000n },
    { ms: 1_700_000_000_001, ns: 1_700_000_000_001_000_000n },
    { ms: 1_700_000_000_000.5, ns: 1_700_000_000_000_500_000n },
    { ms: 0.0000014, ns: 1n },
    { ms: 0.9999999, ns: 1_000_000n },
  ])('turns $ms ms into $ns ns', ({ ms, ns }) => {
    expect(nanoseconds(ms)).toBe(ns)
  })

  it.each([
    { ms: -5, ns: 0n },
    { ms: 253_402_300_799_999, ns: 9_223_372_036_854_000_000n },
    { ms: 1e300, ns: 9_223_372_036_854_000_000n },
  ])('puts $ms ms at the edge of what Perfetto’s clocks can show', ({ ms, ns }) => {
    expect(nanoseconds(ms)).toBe(ns)
  })

  it('is exact for whole milliseconds of any size', () => {
    const random = seededRandom(5)
    for (let round = 0; round < 2000; round++) {
      const ms = Math.floor(random() * 2 ** (20 + random() * 23))
      expect(nanoseconds(ms)).toBe(BigInt(ms) * 1_000_000n)
    }
  })

  it('never puts a later time before an earlier one', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 2000; round++) {
      const earlier = 1_700_000_000_000 + random() * 10
      const later = earlier + random() * random() * 0.001
      expect(nanoseconds(later) >= nanoseconds(earlier)).toBe(true)
    }
  })
})
