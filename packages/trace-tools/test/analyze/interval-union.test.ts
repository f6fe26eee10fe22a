// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { IntervalUnion } from '../../src/analyze/interval-union.ts'
import { seededRandom } from '../write/seeded-random.ts'

type Interval = readonly [startMs: number, endMs: number]

function unionOf(intervals: readonly Interval[]): number {
  const union = new IntervalUnion()
  for (const [startMs, endMs] of intervals) union.add(startMs, endMs)
  return union.totalMs
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
    ['touching ones', [[0, 5], [5, 9]], 9],
    ['one in another', [[0, 10], [3, 4]], 10],
    ['one over several', [[0, 1], [2, 3], [4, 5], [0, 9]], 9],
    ['one between others', [[0, 1], [8, 9], [4, 5]], 3],
    ['one before all', [[8, 9], [0, 1]], 2],
  ])('of %s', (_name, intervals, expected) => {
    expect(unionOf(intervals)).toBe(expected)
  })

  it('is what sorting them all would tell, in whatever order they come', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = seededRandom(seed)
      const intervals = Array.from({ length: 100 }, (): Interval => {
        const startMs = Math.floor(random() * 1000)
        return [startMs, startMs + Math.floor(random() * 30)]
      })
      expect(unionOf(intervals), `seed ${seed}`).toBe(naiveUnion(intervals))
    }
  })

  it('is right for more pieces than are told apart, as long as they come in order', () => {
    const union = new IntervalUnion()
    for (let index = 0; index < 600_000; index++) union.add(index * 10, index * 10 + 3)
    expect(union.totalMs).toBe(1_800_000)
  })
})
