// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { assignLanes, type Span } from '../../src/model/lanes.ts'
import { seededRandom } from '../write/seeded-random.ts'

const cases: readonly {
  readonly spans: readonly (readonly [number, number])[]
  readonly lanes: number
  readonly name: string
}[] = [
  { name: 'nothing', spans: [], lanes: 0 },
  { name: 'one span', spans: [[0, 5]], lanes: 1 },
  {
    name: 'spans that touch',
    spans: [
      [0, 5],
      [5, 9],
    ],
    lanes: 1,
  },
  {
    name: 'spans that overlap',
    spans: [
      [0, 6],
      [5, 9],
    ],
    lanes: 2,
  },
  {
    name: 'a span inside another',
    spans: [
      [0, 9],
      [4, 5],
    ],
    lanes: 2,
  },
  {
    name: 'the same span twice',
    spans: [
      [0, 9],
      [0, 9],
    ],
    lanes: 2,
  },
  {
    name: 'a moment at a start and at an end',
    spans: [
      [0, 5],
      [5, 5],
      [0, 0],
    ],
    lanes: 1,
  },
  {
    name: 'a moment inside a span',
    spans: [
      [0, 5],
      [3, 3],
    ],
    lanes: 2,
  },
  {
    name: 'two moments at once',
    spans: [
      [3, 3],
      [3, 3],
    ],
    lanes: 1,
  },
  {
    name: 'a moment between two spans that touch',
    spans: [
      [0, 3],
      [3, 6],
      [3, 3],
    ],
    lanes: 1,
  },
]

describe('assignLanes', () => {
  it.each(cases)('gives $name $lanes lanes', ({ spans, lanes }) => {
    expect(assignLanes(spans.map(([start, end]) => ({ start, end })))).toHaveLength(lanes)
  })

  it('keeps a chain on the lane that became free last', () => {
    const lanes = assignLanes([
      { start: 0, end: 10, name: 'a' },
      { start: 0, end: 4, name: 'b' },
      { start: 10, end: 20, name: 'a, next' },
    ])
    expect(lanes.map((lane) => lane.map(({ name }) => name))).toEqual([['b'], ['a', 'a, next']])
  })

  it('leaves nothing out and nothing overlapping, on as few lanes as overlap at once', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = seededRandom(seed)
      const spans = Array.from({ length: 1 + Math.floor(random() * 40) }, () => {
        const start = Math.floor(random() * 60)
        return { start, end: start + Math.floor(random() * random() * 30) }
      })
      const lanes = assignLanes(spans)
      expect(new Set(lanes.flat())).toEqual(new Set(spans))
      for (const lane of lanes) expect(findOverlap(lane), `seed ${seed}`).toBeUndefined()
      expect(lanes, `seed ${seed}`).toHaveLength(greatestDepth(spans))
    }
  })
})

function findOverlap(lane: readonly Span[]): readonly Span[] | undefined {
  return lane.map((span, index) => lane.slice(index, index + 2)).find(([a, b]) => a && b && a.end > b.start)
}

/** Counted at every start: what began before and ends after, and what has a length and begins there, or one moment. */
function greatestDepth(spans: readonly Span[]): number {
  const depths = spans.map(({ start: time }) => {
    const around = spans.filter(({ start, end }) => start < time && time < end).length
    const beginning = spans.filter(({ start, end }) => start === time && end > time).length
    return around + Math.max(beginning, 1)
  })
  return Math.max(0, ...depths)
}
