// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createOpenCount } from '../../../src/write/counters/open-count.ts'
import { seededRandom } from '../seeded-random.ts'

type Point = readonly [timeMs: number, value: number]
type Interval = readonly [startMs: number, endMs: number]

const T0 = 1_700_000_000_000
const TICK_MS = 100
const TICKS = 1000

/** What a count tells; one that does not come to an end is stopped. */
function count(intervals: readonly Interval[], limit: number): Point[] {
  const points: Point[] = []
  const open = createOpenCount((timeMs, value) => {
    if (points.length > 2 * TICKS) throw new Error(`no end at ${timeMs}`)
    points.push([timeMs, value])
  }, limit)
  for (const [startMs, endMs] of intervals) open.add(startMs, endMs)
  open.end()
  return points
}

/** How far a time lies from a tick: not at all, as little as a double can tell, or anything. */
const besideMs = [0, 2 ** -12, -(2 ** -12), 0.001, -0.001, 0.1, -0.1, 33.3333, 99.999]

describe('a count of very many intervals', () => {
  it.each([1 << 16, 64])('tells each tick once, however close to it they start and end (more than %d changes)', (limit) => {
    const random = seededRandom(limit)
    const below = (end: number) => Math.floor(random() * end)
    /** By how many the intervals of each tick change the count. */
    const changes = new Map<number, number>()
    const timeAt = (tick: number, change: number): number => {
      const beside = besideMs[below(besideMs.length)] ?? 0
      const ticksEnd = tick + (beside < 0 ? 0 : 1)
      changes.set(ticksEnd, (changes.get(ticksEnd) ?? 0) + change)
      return T0 + tick * TICK_MS + beside
    }
    const intervals = Array.from({ length: limit / 2 + 1 }, (): Interval => {
      const tick = below(TICKS - 20)
      return [timeAt(tick, 1), timeAt(tick + 2 + below(18), -1)]
    })

    let open = 0
    const expected = [...changes]
      .toSorted(([a], [b]) => a - b)
      .map(([tick, change]): Point => [T0 + tick * TICK_MS, (open += change)])
    expect(count(intervals, limit)).toEqual(expected)
  })
})
