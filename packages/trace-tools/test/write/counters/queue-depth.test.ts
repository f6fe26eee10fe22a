// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../seeded-random.ts'
import { pointsOf, type Point } from './told-points.ts'

type Sighting = readonly [timeMs: number, depth: number]

function depths(sightings: readonly Sighting[], limit?: number): Point[] {
  const requests = sightings.map(([startMs, queueDepth]) => ({ startMs, endMs: startMs, queueDepth }))
  return pointsOf(requests, limit)['router queue depth'] ?? []
}

/** The highest depth of each stretch of time, where it is another one than before. */
function byHand(sightings: readonly Sighting[], stretchMs: number): Point[] {
  const highest = new Map<number, number>()
  for (const [time, depth] of sightings) {
    const from = Math.floor(time / stretchMs) * stretchMs
    highest.set(from, Math.max(highest.get(from) ?? 0, depth))
  }
  const points = [...highest].toSorted(([a], [b]) => a - b)
  return points.filter(([, depth], index) => depth !== points[index - 1]?.[1])
}

function randomSightings(seed: number, count: number, overMs: number): Sighting[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => [Math.floor(random() * overMs), Math.floor(random() * 9)])
}

describe('the queue depth', () => {
  it('is the highest that is seen at each moment, in whatever order they come', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const sightings = randomSightings(seed, 300, 150)
      expect(depths(sightings), `seed ${seed}`).toEqual(byHand(sightings, 1))
    }
  })

  it('of very many is the highest of each tick', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const sightings = randomSightings(seed, 1000, 200_000)
      for (const limit of [0, 700]) expect(depths(sightings, limit), `seed ${seed}`).toEqual(byHand(sightings, 100))
    }
  })

  it('is told for each moment up to as many sightings as asked for', () => {
    const sightings = Array.from({ length: 301 }, (_, index): Sighting => [index * 3, index])
    expect(depths(sightings.slice(1), 300)).toEqual(byHand(sightings.slice(1), 1))
    expect(depths(sightings, 300)).toEqual(byHand(sightings, 100))
  })

  it('of more moments than memory begins with is told in order', () => {
    const sightings = randomSightings(7, 50_000, 1e9)
    expect(depths(sightings)).toEqual(byHand(sightings, 1))
  })

  it('may be any number', () => {
    const odd: Sighting[] = [[1, -2], [2, 0.5], [3, Infinity], [4, -0]] // prettier-ignore
    expect(depths(odd)).toEqual(odd)
  })
})
