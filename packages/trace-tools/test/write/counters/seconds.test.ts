// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../seeded-random.ts'
import { pointsOf, requestSpan, tellPoints, valueAt, type CountedRequest } from './told-points.ts'

const HOUR_MS = 3_600_000

/** Requests over some minutes, and after a pause of hours some minutes more. */
function randomRequests(seed: number): CountedRequest[] {
  const random = seededRandom(seed)
  const perhaps = (value: number) => (random() < 0.2 ? Number.NaN : value)
  return Array.from({ length: 80 }, () => {
    const startMs = Math.floor(random() * 900_000) + (random() < 0.5 ? 0 : 30 * HOUR_MS)
    const durationMs = random() < 0.2 ? 0 : random() * 20_000
    return {
      startMs,
      endMs: startMs + durationMs,
      decodeStartMs: perhaps(random() * durationMs),
      inputTokens: perhaps(Math.floor(random() * 5000)),
      cachedTokens: perhaps(Math.floor(random() * 5000)),
      outputTokens: perhaps(Math.floor(random() * 5000)),
      kvHitRate: perhaps(random()),
    }
  })
}

const isKnown = (value: number | undefined): value is number => value !== undefined && !Number.isNaN(value)

/** The part of a request's output that was made in a second. */
function outputIn(secondMs: number, { startMs, endMs, decodeStartMs = Number.NaN, outputTokens = Number.NaN }: CountedRequest): number {
  if (Number.isNaN(outputTokens)) return 0
  const fromMs = startMs + (Number.isNaN(decodeStartMs) ? 0 : decodeStartMs)
  if (endMs - fromMs <= 1) return Math.floor(fromMs / 1000) * 1000 === secondMs ? outputTokens : 0
  const overlapMs = Math.min(endMs, secondMs + 1000) - Math.max(fromMs, secondMs)
  return (outputTokens * Math.max(0, overlapMs)) / (endMs - fromMs)
}

describe('what each second brought', () => {
  it('is what one counts by hand of random requests, in whatever order they come', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const requests = randomRequests(seed)
      const points = pointsOf(requests)
      const times = requests.flatMap(({ startMs, endMs }) => [startMs, startMs + 1000, endMs - 1000, endMs, endMs + 1000])
      for (const second of new Set(times.map((time) => Math.floor(time / 1000) * 1000))) {
        const here = `seed ${seed} at ${second}`
        const sent = requests.filter(({ startMs }) => startMs >= second && startMs < second + 1000)
        const sum = (values: readonly (number | undefined)[]) => values.filter(isKnown).reduce((total, value) => total + value, 0)
        const told = (name: string) => valueAt(points[name] ?? [], second) || 0
        expect(told('input tokens'), here).toBe(sum(sent.map(({ inputTokens }) => inputTokens)))
        expect(told('cached tokens'), here).toBe(sum(sent.map(({ cachedTokens }) => cachedTokens)))
        expect(told('output tokens'), here).toBeCloseTo(sum(requests.map((request) => outputIn(second, request))), 3)
        const rates = sent.map(({ kvHitRate }) => kvHitRate).filter(isKnown)
        if (rates.length > 0) expect(told('KV hit rate'), here).toBeCloseTo(sum(rates) / rates.length, 6)
      }
    }
  })

  it('is rounded to six places, halves up, and never to a zero below zero', () => {
    const rates = [5e-7, -5e-7, 1.5e-6, -1.5e-6, -5.1e-7, 0.4999995, 0.1234565, -2.5, 1 / 3, 2 ** 33 + 2 ** -19]
    const requests = rates.map((kvHitRate, second) => ({ startMs: second * 1000, endMs: second * 1000, kvHitRate }))
    const rounded = rates.map((rate, second) => [second * 1000, Math.round(rate * 1e6) / 1e6 + 0] as const)
    expect(pointsOf(requests)['KV hit rate']).toEqual(rounded.filter(([, rate], second) => rate !== rounded[second - 1]?.[1]))
  })

  it('is told before the end where there is more than is kept at a time, by time and completely', () => {
    const { counters, points } = tellPoints()
    const send = (timeMs: number) => {
      counters.spans(requestSpan({ startMs: timeMs, endMs: timeMs, inputTokens: 1000, outputTokens: 7 }))
    }
    for (let hour = 0; hour < 1000; hour++) send(hour * HOUR_MS)
    const early = points['input tokens']?.length ?? 0
    expect(early).toBeGreaterThan(2 * 700)
    // What comes too late counts where nothing is told yet.
    send(5 * HOUR_MS)
    counters.end()
    for (const name of ['input tokens', 'output tokens']) {
      const times = (points[name] ?? []).map(([time]) => time)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
    const tokens = points['input tokens'] ?? []
    expect(tokens.slice(0, 4)).toEqual([[0, 1000], [1000, 0], [HOUR_MS, 1000], [HOUR_MS + 1000, 0]]) // prettier-ignore
    expect(tokens.filter(([, value]) => value === 1000)).toHaveLength(1001)
    expect(tokens[early]?.[0]).toBeGreaterThan(tokens[early - 1]?.[0] ?? 0)
    // What it made was over by then.
    expect(points['output tokens']?.filter(([, value]) => value === 7)).toHaveLength(1000)
  })

  it('comes by time even where what comes late is what makes others be told', () => {
    const hours = Array.from({ length: 256 }, (_, hour) => hour + 1)
    const points = pointsOf([...hours, 0].map((hour) => ({ startMs: hour * HOUR_MS, endMs: hour * HOUR_MS, inputTokens: 1 })))
    const times = (points['input tokens'] ?? []).map(([time]) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times).toHaveLength(2 * 257)
  })

  it('may be no number that a trace should have', () => {
    const huge = { startMs: 0, endMs: 4000, inputTokens: 1.7e308, outputTokens: Infinity }
    const later = { startMs: 2000, endMs: 3000, inputTokens: 5, outputTokens: 3 }
    const points = pointsOf([huge, huge, later])
    expect(points['input tokens']).toEqual([[0, Infinity], [1000, 0], [2000, 5], [3000, 0]]) // prettier-ignore
    expect(points['output tokens']?.[0]).toEqual([0, Infinity])
  })
})
