// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { summarizeTrace } from '../../src/index.ts'
import { request, toolCall, toolError, toolStart } from '../support/records.ts'

it('counts sessions, trajectories, requests, tool calls and tokens', () => {
  const a = { trajectory: 'a' }
  const summary = summarizeTrace([
      request({
        ...a,
        start: 0,
        total: 10,
        asks: ['lost'],
        metrics: { inputTokens: 100, outputTokens: 7, cachedTokens: 0 },
      }),
      toolCall({ ...a, id: 'good', from: 10, to: 20 }),
      toolError({ ...a, id: 'bad', at: 20, durationMs: 5, status: 'error' }),
      toolError({ ...a, id: 'stopped', at: 20, durationMs: 5, status: 'cancelled' }),
      toolStart({ ...a, id: 'open', at: 11 }),
      request({ ...a, start: 30, total: 10, metrics: { inputTokens: 200, outputTokens: 3, cachedTokens: 75 } }),
      request({ trajectory: 'b', parent: 'a', start: 12, total: 10, metrics: { inputTokens: 1000 } }),
      request({ start: 50, metrics: { outputTokens: 4 } }),
  ])
  expect(summary).toMatchObject({
    sessions: 1,
    sessionIds: ['a'],
    trajectories: 2,
    requests: 4,
    unattributedRequests: 1,
    toolCalls: { total: 5, errors: 1, cancelled: 1, inferred: 1, unended: 1 },
    tokens: { input: 1300, output: 14, cached: 75 },
    cache: { measuredInputTokens: 300, reusedShare: 75 / 300 },
  })
})

it('says nothing about reuse where no request does', () => {
  const { cache } = summarizeTrace([request({ trajectory: 'a', start: 0 })])
  expect(cache).toEqual({ measuredInputTokens: 0, losses: { count: 0, moved: 0, first: [] } })
})

it('is all zeros for an empty trace', () => {
  const { sessions, requests, toolCalls, wallTime } = summarizeTrace([])
  expect({ sessions, requests, total: toolCalls.total, totalMs: wallTime.totalMs }).toEqual({
    sessions: 0,
    requests: 0,
    total: 0,
    totalMs: 0,
  })
})
