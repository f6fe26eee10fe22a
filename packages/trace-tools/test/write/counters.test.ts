// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createStreamModel } from '../../src/model/stream-model.ts'
import { scanLines } from '../support/timeline.ts'
import { askedFor, requestLine, T0, toolCallLine, toolLine } from '../support/trace-lines.ts'
import { tellPoints, type Point } from './counters/told-points.ts'

/** What lines of a trace make of each counter; times in milliseconds after T0. */
function count(lines: readonly string[], limit?: number): Record<string, Point[]> {
  const { counters, points } = tellPoints(limit, T0)
  const model = createStreamModel({ sink: counters })
  for (const batch of scanLines(lines)) model.add(batch)
  model.end()
  return points
}

describe('counters', () => {
  it('count what is in flight across sessions, one point for each change', () => {
    const points = count([
      requestLine({ session: 'a', at: 0, total: 10 }),
      toolCallLine({ session: 'a', from: 12, to: 12 }),
      requestLine({ session: 'b', at: 5, total: 10 }),
      requestLine({ session: 'a', at: 10, total: 10 }),
    ])
    expect(points['LLM requests in flight']).toEqual([[0, 1], [5, 2], [15, 1], [20, 0]]) // prettier-ignore
    expect(points['tool calls in flight']).toEqual([[12, 0]])
  })

  it('count a call once that is inferred first and turns out to have never ended', () => {
    const points = count([
      requestLine({ session: 'a', at: 0, total: 10, request: { finish_reason_metadata: askedFor(['call-1', 'task']) } }),
      toolLine('tool_start', { session: 'a', eventTime: 12, tool: { tool_call_id: 'call-1' } }),
      requestLine({ session: 'a', at: 50, total: 10 }),
    ])
    expect(points['tool calls in flight']).toEqual([[10, 1], [50, 0]]) // prettier-ignore
  })

  it('show the router’s queue as each request found it, the deepest at one moment', () => {
    const points = count(
      [
        [3, 20, 4],
        [0, 30, 1],
        [1, 40, 1],
        [3, 50, 7],
        [9, 60, 0],
      ].map(([at = 0, total = 0, queue_depth]) => requestLine({ session: `a-${total}`, at, total, request: { queue_depth } })),
    )
    expect(points['router queue depth']).toEqual([[0, 1], [3, 7], [9, 0]]) // prettier-ignore
  })

  it('sum up input tokens by the second in which requests came', () => {
    const lines = [
      requestLine({ session: 'a', at: 0, total: 4000, request: { input_tokens: 100, cached_tokens: 40 } }),
      requestLine({ session: 'b', at: 999, total: 1, request: { input_tokens: 11 } }),
      requestLine({ session: 'c', at: 5000, total: 1, request: { input_tokens: 7, cached_tokens: 0 } }),
    ]
    const points = count(lines)
    expect(points['input tokens']).toEqual([[0, 111], [1000, 0], [5000, 7], [6000, 0]]) // prettier-ignore
    expect(points['cached tokens']).toEqual([[0, 40], [1000, 0]]) // prettier-ignore
  })

  it('spread output tokens over the time from the first one to the last', () => {
    const request = { output_tokens: 200, ttft_ms: 500 }
    const points = count([
      requestLine({ session: 'a', at: 0, total: 2500, request }),
      requestLine({ session: 'b', at: 6000, total: 1000, request: { output_tokens: 5 } }),
      requestLine({ session: 'c', at: 9000, total: 0, request: { output_tokens: 3 } }),
    ])
    expect(points['output tokens']).toEqual([
      [0, 50],
      [1000, 100],
      [2000, 50],
      [3000, 0],
      [6000, 5],
      [7000, 0],
      [9000, 3],
      [10000, 0],
    ])
  })

  it('show the mean hit rate of the requests of a second, which holds until the next one', () => {
    const rates = [
      [0, 0.5],
      [10, 0.7],
      [8000, 0.25],
    ] as const
    const lines = rates.map(([at, kv_hit_rate]) => requestLine({ session: 'a', at, request: { kv_hit_rate } }))
    expect(count(lines)['KV hit rate']).toEqual([[0, 0.6], [8000, 0.25]]) // prettier-ignore
  })

  it('have no points where nothing is known', () => {
    expect(count([])).toEqual({})
    expect(Object.keys(count([requestLine({ session: 'a', at: 0 })]))).toEqual(['LLM requests in flight'])
  })

  it('are not lost by a row with a false time', () => {
    const line = (at: number, input_tokens: number) => requestLine({ session: `a${at}`, at, request: { input_tokens, output_tokens: 5 } })
    const year9999 = 253_402_300_799_000 - T0
    const points = count([line(0, 1), line(year9999, 2), line(2000, 3), line(-T0, 4)])
    expect(points['input tokens']).toEqual([
      [-T0, 4],
      [1000 - T0, 0],
      [0, 1],
      [1000, 0],
      [2000, 3],
      [3000, 0],
      [year9999, 2],
      [year9999 + 1000, 0],
    ])

    const endless = requestLine({ session: 'b', at: 0 }).replace('"total_time_ms":50', '"total_time_ms":1.7e308')
    expect(count([endless, line(10, 1)])['LLM requests in flight']?.slice(0, 3)).toEqual([[0, 1], [10, 2], [60, 1]]) // prettier-ignore
  })

  it('of more levels than are told one by one are told as the highest of each tick', () => {
    const lines = Array.from({ length: 400 }, (_, index) =>
      requestLine({ session: `a${index}`, at: index * 10, request: { queue_depth: index % 7 === 0 ? index : 1 } }),
    )
    expect(count(lines, 64)['router queue depth']?.slice(0, 4)).toEqual([[0, 7], [100, 14], [200, 28], [300, 35]]) // prettier-ignore
  })

  it('of more days than are kept at a time keep their sums', () => {
    const lines = Array.from({ length: 400 }, (_, index) =>
      requestLine({ session: `a${index}`, at: index * 3_600_000, total: 90_000, request: { output_tokens: 900, input_tokens: 9 } }),
    )
    const points = count(lines)
    const sumOf = (name: string) => {
      const told = points[name] ?? []
      return told.reduce((sum, [time, value], index) => sum + (value * ((told[index + 1]?.[0] ?? time) - time)) / 1000, 0)
    }
    expect(sumOf('output tokens')).toBeCloseTo(400 * 900)
    expect(sumOf('input tokens')).toBeCloseTo(400 * 9)
  })
})
