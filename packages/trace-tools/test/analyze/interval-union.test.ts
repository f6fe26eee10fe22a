// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createAnalyzeModule, type AnalyzeModule } from '../../src/analyze/analyze-module.ts'
import { seededRandom } from '../write/seeded-random.ts'

type Interval = readonly [startMs: number, endMs: number]

/** Nothing is asked or told about intervals. */
const host = { copyBlocks: () => 0, lose: () => undefined }

/** Place of `agent` among the things of WallTimeName. */
const AGENT = 5

/** How much more is covered with these intervals than without. */
function addedBy(module: AnalyzeModule, intervals: readonly Interval[]): number {
  const before = module.coveredMs(AGENT)
  for (const [startMs, endMs] of intervals) module.coverAgent(startMs, endMs)
  return module.coveredMs(AGENT) - before
}

function naiveUnion(intervals: readonly Interval[]): number {
  let total = 0
  let until = -Infinity
  for (const [startMs, endMs] of intervals.toSorted((a, b) => a[0] - b[0])) {
    total += Math.max(0, endMs - Math.max(startMs, until))
    until = Math.max(until, endMs)
  }
  return total
}

describe('the time that intervals cover', () => {
  it.each<[string, Interval[], number]>([
    ['nothing', [], 0],
    ['one of no length', [[5, 5]], 0],
    ['one that ends before it starts', [[5, 3]], 0],
    ['ones without a time', [[Number.NaN, 3], [5, Number.NaN]], 0],
    ['touching ones', [[0, 5], [5, 9]], 9],
    ['one in another', [[0, 10], [3, 4]], 10],
    ['one over several', [[0, 1], [2, 3], [4, 5], [0, 9]], 9],
    ['one between others', [[0, 1], [8, 9], [4, 5]], 3],
    ['one before all', [[8, 9], [0, 1]], 2],
  ])('of %s', (_name, intervals, expected) => {
    expect(addedBy(createAnalyzeModule(host), intervals)).toBe(expected)
  })

  it('is what sorting them all would tell, in whatever order they come', () => {
    const module = createAnalyzeModule(host)
    for (let seed = 0; seed < 300; seed++) {
      const random = seededRandom(seed)
      // Apart from those of other seeds, which come in no order either.
      const fromMs = 5000 * (seed ^ 37)
      const intervals = Array.from({ length: 100 }, (): Interval => {
        const startMs = fromMs + Math.floor(random() * 1000)
        return [startMs, startMs + Math.floor(random() * 30)]
      })
      expect(addedBy(module, intervals), `seed ${seed}`).toBe(naiveUnion(intervals))
    }
  })

  it('is right for more pieces than are told apart, as long as they come in order', () => {
    const module = createAnalyzeModule(host)
    for (let index = 0; index < 600_000; index++) module.coverAgent(index * 10, index * 10 + 3)
    expect(module.coveredMs(AGENT)).toBe(1_800_000)
    // The earliest ones are closed, the latest ones are not.
    expect(addedBy(module, [[0, 10]])).toBe(0)
    expect(addedBy(module, [[5_999_990, 6_000_000]])).toBe(7)
  })
})
