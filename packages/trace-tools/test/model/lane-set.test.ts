// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { LaneSet } from '../../src/model/lane-set.ts'
import { seededRandom } from '../write/seeded-random.ts'

type Span = readonly [start: number, end: number]

/** By end, those of one end by start: the order of rows. */
const cases: readonly { readonly name: string; readonly spans: readonly Span[]; readonly lanes: readonly number[] }[] =
  [
    { name: 'one span', spans: [[0, 5]], lanes: [0] },
    { name: 'spans that touch', spans: [[0, 5], [5, 9]], lanes: [0, 0] },
    { name: 'spans that overlap', spans: [[0, 6], [5, 9]], lanes: [0, 1] },
    { name: 'a span inside another', spans: [[4, 5], [0, 9]], lanes: [0, 1] },
    { name: 'the same span twice', spans: [[0, 9], [0, 9]], lanes: [0, 1] },
    { name: 'a moment at a start and at an end', spans: [[0, 0], [0, 5], [5, 5]], lanes: [0, 0, 0] },
    { name: 'a moment inside a span', spans: [[3, 3], [0, 5]], lanes: [0, 1] },
    { name: 'two moments at once', spans: [[3, 3], [3, 3]], lanes: [0, 0] },
    { name: 'a moment between two spans that touch', spans: [[0, 3], [3, 3], [3, 6]], lanes: [0, 0, 0] },
    { name: 'a chain beside a lane that was free for longer', spans: [[0, 4], [0, 10], [10, 20]], lanes: [0, 1, 1] },
    { name: 'a long span after a short one on another lane', spans: [[0, 4], [2, 8], [8, 9], [4, 12]], lanes: [0, 1, 1, 0] },
  ]

describe('LaneSet', () => {
  it.each(cases)('puts $name on lanes $lanes', ({ spans, lanes }) => {
    const set = new LaneSet()
    expect(spans.map(([start, end]) => set.assign(start, end))).toEqual(lanes)
    expect(set.size).toBe(new Set(lanes).size)
  })

  it('never lets spans overlap, on as few lanes as overlap at once, when they come by end', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const spans = randomSpans(seed).sort(([start, end], other) => end - other[1] || start - other[0])
      const lanes = assign(spans)
      for (const lane of lanes) expect(findOverlap(lane), `seed ${seed}`).toBeUndefined()
      expect(lanes, `seed ${seed}`).toHaveLength(greatestDepth(spans))
    }
  })

  it('lets a late span in where a lane was free from the mark on', () => {
    const set = new LaneSet({ expectsLate: true })
    const lanes = [[0, 5], [6, 9], [9, 14]].map(([start = 0, end = 0], index) => {
      if (index === 1) set.mark(5)
      return set.assign(start, end)
    })
    expect(lanes).toEqual([0, 0, 0])
    expect(set.assign(5, 6)).toBe(0)
    expect(set.assign(5, 6)).toBe(1)
    expect(set.assign(5, 7)).toBe(2)
  })

  it('never lets spans overlap with marks and late spans anywhere among them', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = seededRandom(seed)
      const set = new LaneSet({ expectsLate: true })
      const lanes: Span[][] = []
      let mark = 0
      for (const [start, end] of randomSpans(seed)) {
        if (random() < 0.2) set.mark((mark = end))
        const late: Span = [mark, mark + 1]
        const span: Span = random() < 0.3 ? late : [start, end]
        ;(lanes[set.assign(...span)] ??= []).push(span)
      }
      for (const lane of lanes) {
        lane.sort((a, b) => a[0] - b[0] || a[1] - b[1])
        expect(findOverlap(lane), `seed ${seed}`).toBeUndefined()
      }
    }
  })

  it('never lets spans overlap in whatever order they come, nor go back in time on a lane', () => {
    for (let seed = 1; seed <= 500; seed++) {
      for (const lane of assign(randomSpans(seed))) expect(findOverlap(lane), `seed ${seed}`).toBeUndefined()
    }
  })
})

function randomSpans(seed: number): Span[] {
  const random = seededRandom(seed)
  return Array.from({ length: 1 + Math.floor(random() * 40) }, () => {
    const start = Math.floor(random() * 60)
    return [start, start + Math.floor(random() * random() * 30)]
  })
}

/** The spans of each lane in the order in which they came. */
function assign(spans: readonly Span[]): Span[][] {
  const set = new LaneSet()
  const lanes: Span[][] = []
  for (const span of spans) (lanes[set.assign(...span)] ??= []).push(span)
  expect(lanes.flat()).toHaveLength(spans.length)
  return lanes
}

function findOverlap(lane: readonly Span[]): readonly Span[] | undefined {
  return lane.map((_, index) => lane.slice(index, index + 2)).find(([a, b]) => a && b && a[1] > b[0])
}

/** Counted at every start: what began before and ends after, and what has a length and begins there, or one moment. */
function greatestDepth(spans: readonly Span[]): number {
  const depths = spans.map(([time]) => {
    const around = spans.filter(([start, end]) => start < time && time < end).length
    const beginning = spans.filter(([start, end]) => start === time && end > time).length
    return around + Math.max(beginning, 1)
  })
  return Math.max(0, ...depths)
}
