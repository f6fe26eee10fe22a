// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { TraceRecord } from '@dynamo-agent/core'
import { summarizeTrace, type WallTimeName } from '../../src/index.ts'
import { request, toolCall, toolStart } from '../support/records.ts'

const a = { trajectory: 'a' }
const b = { trajectory: 'b', parent: 'a' }
const staged = { prefillWaitMs: 10, prefillMs: 20, ttftMs: 30 }

describe('where the time went', () => {
  it.each<[string, TraceRecord[], Partial<Record<WallTimeName, number>>]>([
    [
      'one after the other',
      [
        request({ ...a, start: 0, total: 100, metrics: staged }),
        toolCall({ ...a, from: 110, to: 150 }),
        request({ ...a, start: 160, total: 100, metrics: staged }),
      ],
      { 'prefill wait': 20, prefill: 40, decode: 140, tools: 40, agent: 20 },
    ],
    [
      'decoding hides what else goes on',
      [
        request({ ...a, start: 0, total: 100, metrics: { ttftMs: 0 } }),
        request({ ...b, start: 50, total: 100, metrics: staged }),
        toolCall({ ...a, from: 0, to: 200 }),
      ],
      { decode: 150, tools: 50 },
    ],
    [
      'prefill hides waiting, waiting hides tools',
      [
        request({ ...a, start: 0, total: 30, metrics: { prefillMs: 30 } }),
        request({ ...b, start: 10, total: 60, metrics: { prefillWaitMs: 60 } }),
        toolCall({ ...a, from: 0, to: 100 }),
      ],
      { prefill: 30, 'prefill wait': 40, tools: 30 },
    ],
    [
      'a request whose stages are unknown',
      [request({ ...a, start: 0, total: 100 }), request({ ...a, start: 150, total: 100, metrics: { ttftMs: 60 } })],
      { request: 160, decode: 40, agent: 50 },
    ],
    [
      'parallel tools count once',
      [toolCall({ ...a, id: 'x', from: 0, to: 50 }), toolCall({ ...a, id: 'y', from: 10, to: 80 })],
      { tools: 80 },
    ],
    [
      'an inferred tool call counts, one that never ended does not',
      [
        request({ ...a, start: 0, total: 10, metrics: { ttftMs: 0 }, asks: ['x'] }),
        request({ ...a, start: 30, total: 10, metrics: { ttftMs: 0 } }),
        toolStart({ ...a, id: 'y', at: 40 }),
        request({ ...a, start: 90, total: 10, metrics: { ttftMs: 0 } }),
      ],
      { decode: 30, tools: 20, agent: 50 },
    ],
    [
      'time between sessions and between requests without one belongs to nobody',
      [
        request({ trajectory: 'first', start: 0, total: 100, metrics: { ttftMs: 0 } }),
        request({ trajectory: 'second', start: 1000, total: 100, metrics: { ttftMs: 0 } }),
        request({ start: 5000, total: 10, metrics: { ttftMs: 0 } }),
        request({ start: 9000, total: 10, metrics: { ttftMs: 0 } }),
      ],
      { decode: 220 },
    ],
    ['an empty trace', [], {}],
  ])('%s', (_name, rows, expected) => {
    const { totalMs, parts } = summarizeTrace(rows).wallTime
    const none = { decode: 0, prefill: 0, 'prefill wait': 0, request: 0, tools: 0, agent: 0 }
    expect(Object.fromEntries(parts.map(({ name, ms }) => [name, ms]))).toEqual({ ...none, ...expected })
    expect(totalMs).toBe(Object.values(expected).reduce((sum, ms) => sum + ms, 0))
    const shares = parts.reduce((sum, { share }) => sum + share, 0)
    expect(shares).toBeCloseTo(rows.length > 0 ? 1 : 0, 12)
  })
})
