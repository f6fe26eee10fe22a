// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { countActivities } from '../../../src/write/perfetto/counters.ts'
import { model, request, session, T0, tool, trajectory } from '../sample-model.ts'

describe('countActivities', () => {
  it('counts what is in flight across sessions, one point for each change', () => {
    const counters = countActivities(
      model([
        session('a', [trajectory('a', { requests: [request(0, 10), request(10, 20)], toolCalls: [tool(12, 12)] })]),
        session('b', [trajectory('b', { requests: [request(5, 15)] })]),
      ]),
    )
    expect(counters.map(({ name, points }) => [name, points.map(({ timeMs, value }) => [timeMs - T0, value])])).toEqual(
      [
        [
          'LLM requests in flight',
          [
            [0, 1],
            [5, 2],
            [15, 1],
            [20, 0],
          ],
        ],
        ['tool calls in flight', [[12, 0]]],
      ],
    )
  })

  it('shows the router’s queue as each request found it', () => {
    const requests = [
      request(0, 9, { queueDepth: 1 }),
      request(1, 9, { queueDepth: 1 }),
      request(2, 9, { queueDepth: 4 }),
    ]
    const [, queue] = countActivities(model([session('a', [trajectory('a', { requests })])]))
    expect(queue?.points.map(({ timeMs, value }) => [timeMs - T0, value])).toEqual([
      [0, 1],
      [2, 4],
    ])
  })

  it('leaves out a counter that has nothing to count', () => {
    expect(countActivities(model([]))).toEqual([])
  })
})
