// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../seeded-random.ts'
import { pointsOf, tellPoints, toolSpan, valueAt, type Point } from './told-points.ts'

type Interval = readonly [startMs: number, endMs: number]

const T0 = 1_700_000_000_000
const TICK_MS = 100
const TICKS = 1000

/** What is told of tool calls. */
function countCalls(intervals: readonly Interval[], limit?: number): Point[] {
  const { counters, points } = tellPoints(limit)
  for (const interval of intervals) counters.spans(toolSpan(...interval))
  counters.end()
  return points['tool calls in flight'] ?? []
}

function countRequests(intervals: readonly Interval[], limit?: number): Point[] {
  const requests = intervals.map(([startMs, endMs]) => ({ startMs, endMs }))
  return pointsOf(requests, limit)['LLM requests in flight'] ?? []
}

/** How far a time lies from a tick: not at all, as little as a double can tell, or anything. */
const besideMs = [0, 2 ** -12, -(2 ** -12), 0.001, -0.001, 0.1, -0.1, 33.3333, 99.999]

describe.each([
  ['tool calls', countCalls],
  ['requests', countRequests],
])('%s in flight', (_, count) => {
  it('are counted as one does by hand, in whatever order they come', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed)
      const spans = Array.from({ length: 60 }, (): Interval => {
        const start = Math.floor(random() * 50)
        return [start, start + Math.floor(random() * 20)]
      })
      const openAt = (time: number) => spans.filter(([start, end]) => start <= time && time < end).length
      const points = count(spans)
      for (const time of spans.flat()) expect(valueAt(points, time), `seed ${seed} at ${time}`).toBe(openAt(time))
      expect(points.some(([, value], index) => value === points[index - 1]?.[1])).toBe(false)
    }
  })

  it('of very many are told as they are at the end of each tick', () => {
    const random = seededRandom(3)
    const spans = Array.from({ length: 5000 }, (_, index): Interval => [index * 7, index * 7 + random() * 400])
    spans.sort((a, b) => a[1] - b[1])
    const points = count(spans, 512)
    expect(points.length).toBeGreaterThan(200)
    for (const [index, [time, value]] of points.entries()) {
      expect(time).toBeGreaterThanOrEqual((points[index - 1]?.[0] ?? 0) + TICK_MS)
      expect(value).toBe(spans.filter(([start, end]) => start < time && time <= end).length)
    }
    expect(points.at(-1)?.[1]).toBe(0)
  })

  it('of very many are told once for each tick, however close to it they start and end', () => {
    const limit = 1 << 16
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
      .filter(([, value], index, all) => value !== all[index - 1]?.[1])
    expect(count(intervals)).toEqual(expected)
    // However many were kept before.
    expect(count(intervals, 64)).toEqual(expected)
  })

  it('are told one by one up to as many changes as asked for', () => {
    const spans = Array.from({ length: 33 }, (_, index): Interval => [index * 3, index * 3 + 1])
    expect(count(spans.slice(1), 64)).toEqual(spans.slice(1).flatMap(([start, end]) => [[start, 1], [end, 0]])) // prettier-ignore
    expect(count(spans, 64)).toEqual([[100, 0]])
  })

  it('of no length never count', () => {
    expect(count([[5, 5]])).toEqual([[5, 0]])
    expect(count([[5, 5], [1, 9]])).toEqual([[1, 1], [9, 0]]) // prettier-ignore
  })

  it('are counted through gaps of any length, and where more is open than is kept at a time', () => {
    const hour = 3_600_000
    const spans = Array.from({ length: 600 }, (_, index): Interval => [index * hour, index * hour + 250])
    const points = count(spans, 0)
    expect(points).toEqual(spans.flatMap(([start]) => [[start + 100, 1], [start + 300, 0]])) // prettier-ignore
  })

  it('that began too long ago count from the first moment that is not told yet', () => {
    const hour = 3_600_000
    const spans = Array.from({ length: 257 }, (_, index): Interval => [index * hour, index * hour])
    const points = count([...spans, [10, 256 * hour + 50_000]], 0)
    const [begin, end] = points.filter(([, value], index) => value !== (points[index - 1]?.[1] ?? 0))
    expect(begin?.[0]).toBeGreaterThan(127 * hour)
    expect(begin?.[0]).toBeLessThan(128 * hour)
    expect(end).toEqual([256 * hour + 50_100, 0])
  })

  it('at times that no date can name count where dates end', () => {
    const maxMs = 8.64e15
    expect(count([[-5, Infinity], [2e300, 3e300], [7, 9]])).toEqual([[0, 1], [7, 2], [9, 1], [maxMs, 0]]) // prettier-ignore
    expect(count([[-5, Infinity], [2e300, 3e300], [7, 9]], 0)).toEqual([[100, 1], [maxMs + 100, 0]]) // prettier-ignore
  })
})

describe('counters', () => {
  it('of several traces have nothing to do with each other', () => {
    const one = tellPoints()
    const other = tellPoints(0)
    one.counters.spans(toolSpan(1, 3))
    other.counters.spans(toolSpan(2, 250))
    one.counters.spans(toolSpan(2, 4))
    one.counters.end()
    other.counters.end()
    expect(one.points).toEqual({ 'tool calls in flight': [[1, 1], [2, 2], [3, 1], [4, 0]] }) // prettier-ignore
    expect(other.points).toEqual({ 'tool calls in flight': [[100, 1], [300, 0]] }) // prettier-ignore
  })
})
