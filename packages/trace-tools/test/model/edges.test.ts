// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { TraceRecord } from '@dynamo-agent/core'
import { buildTraceModel, type Activity } from '../../src/index.ts'
import { request, toolCall, toolStart } from '../support/records.ts'

const nameOf = (activity: Activity): string =>
  activity.kind === 'tool' ? activity.call.toolCallId : activity.record.request.requestId

/** `kind: from > to (provenance)`, of one kind alone if named. */
function edges(rows: readonly TraceRecord[], only?: 'spawn' | 'result'): string[] {
  return buildTraceModel(rows)
    .edges.filter(({ kind }) => only === undefined || kind === only)
    .map(({ kind, from, to, provenance }) => `${kind}: ${nameOf(from)} > ${nameOf(to)} (${provenance})`)
}

const root = { trajectory: 'root' }
const child = { trajectory: 'child', parent: 'root' }

describe('result edges', () => {
  it.each<[string, TraceRecord[], string[]]>([
    [
      'lead to the next request of the trajectory',
      [
        request({ ...root, id: 'r1', start: 0, total: 10 }),
        toolCall({ ...root, id: 'call_a', from: 10, to: 20 }),
        toolCall({ ...root, id: 'call_b', from: 10, to: 25 }),
        request({ ...root, id: 'r2', start: 25 }),
        request({ ...root, id: 'r3', start: 40 }),
      ],
      ['result: call_b > r2 (derived)', 'result: call_a > r2 (derived)'],
    ],
    [
      'skip a request that began before the call was over',
      [
        toolCall({ ...root, id: 'call_a', from: 10, to: 30 }),
        request({ ...root, id: 'r1', start: 20 }),
        request({ ...root, id: 'r2', start: 31 }),
      ],
      ['result: call_a > r2 (derived)'],
    ],
    ['end with the trajectory', [request({ ...root, start: 0 }), toolCall({ ...root, from: 10, to: 30 })], []],
    [
      'do not leave a call that never ended',
      [toolStart({ ...root, at: 10 }), request({ ...root, start: 20 })],
      [],
    ],
    [
      'of an inferred call are inferred',
      [
        request({ ...root, id: 'r1', start: 0, total: 10, asks: ['call_x'] }),
        request({ ...root, id: 'r2', start: 30 }),
      ],
      ['result: call_x > r2 (inferred)'],
    ],
    [
      'do not lead back to the request that asked',
      [request({ ...root, id: 'r1', start: 10, asks: ['call_x'] }), request({ ...root, id: 'r2', start: 10 })],
      ['result: call_x > r2 (inferred)'],
    ],
    ['do not join requests without a session', [toolCall({ from: 1, to: 2 }), request({ start: 5 })], []],
  ])('%s', (_name, rows, expected) => {
    expect(edges(rows)).toEqual(expected)
  })

  it('count an end within the millisecond of the start as before', () => {
    const measured = toolCall({ ...root, id: 'call_a', from: 10, to: 20 })
    const tool = { toolCallId: 'call_a', toolClass: 'bash', startedAtMs: 10, durationMs: 10.4 }
    const next = request({ ...root, id: 'r1', start: 20 })
    expect(edges([{ ...measured, tool }, next])).toEqual(['result: call_a > r1 (derived)'])
  })
})

describe('spawn edges', () => {
  const spawn = (id: string, from: number, to: number) => toolCall({ ...root, id, from, to })
  const work = (id: string, start: number, total: number) =>
    request({ trajectory: id, parent: 'root', id: `${id}-r1`, start, total })

  it.each<[string, TraceRecord[], string[]]>([
    [
      'leave the call that was open',
      [spawn('call_a', 10, 50), work('child', 20, 10)],
      ['spawn: call_a > child-r1 (derived)'],
    ],
    [
      'leave the call that ended soonest after the child, one call for each child',
      [
        spawn('call_a', 10, 101),
        spawn('call_b', 10, 201),
        spawn('call_c', 10, 301),
        work('first', 11, 289),
        work('second', 12, 188),
        work('third', 13, 87),
      ],
      [
        'spawn: call_c > first-r1 (derived)',
        'spawn: call_b > second-r1 (derived)',
        'spawn: call_a > third-r1 (derived)',
      ],
    ],
    [
      'leave the call that the child names, although another one fits better',
      [spawn('call_aaa', 10, 500), spawn('call_bbb', 10, 40), work('root:call_aaa:0', 20, 10)],
      ['spawn: call_aaa > root:call_aaa:0-r1 (measured)'],
    ],
    [
      'are not misled by an id within a longer one',
      [spawn('call_12', 10, 500), spawn('call_123', 10, 40), work('root:call_123', 20, 10)],
      ['spawn: call_123 > root:call_123-r1 (measured)'],
    ],
    [
      'are not misled by ids as short as a number',
      [spawn('1', 10, 500), spawn('2', 10, 40), work('root:1', 20, 10)],
      ['spawn: 2 > root:1-r1 (derived)'],
    ],
    [
      'leave one call for several children where there is no other',
      [spawn('call_a', 10, 50), work('first', 20, 10), work('second', 21, 100)],
      ['spawn: call_a > first-r1 (derived)', 'spawn: call_a > second-r1 (derived)'],
    ],
    [
      'leave a call that never ended',
      [toolStart({ ...root, id: 'call_a', at: 10 }), work('child', 20, 10)],
      ['spawn: call_a > child-r1 (derived)'],
    ],
    [
      'leave an inferred call with less certainty',
      [
        request({ ...root, id: 'r1', start: 0, total: 10, asks: ['call_a'] }),
        work('child', 20, 10),
        request({ ...root, id: 'r2', start: 50 }),
      ],
      ['spawn: call_a > child-r1 (inferred)'],
    ],
    [
      'leave the latest request that had ended where no call was open',
      [
        request({ ...root, id: 'r1', start: 0, total: 5 }),
        request({ ...root, id: 'r2', start: 6, total: 5 }),
        request({ ...root, id: 'r3', start: 12, total: 50 }),
        spawn('call_a', 1, 3),
        work('child', 20, 10),
      ],
      ['spawn: r2 > child-r1 (inferred)'],
    ],
    ['need something that came before', [request({ ...root, start: 30 }), work('child', 20, 10)], []],
    ['need a request of the child', [spawn('call_a', 10, 50), toolCall({ ...child, from: 20, to: 30 })], []],
    ['need a parent in the trace', [request({ trajectory: 'child', parent: 'gone', start: 20 })], []],
  ])('%s', (_name, rows, expected) => {
    expect(edges(rows, 'spawn')).toEqual(expected)
  })

  it('are found with 5,000 calls open at once', () => {
    const rows = Array.from({ length: 5000 }, (_, index) => [
      toolStart({ ...root, id: `call_${index}`, at: index }),
      work(`child-${index}`, 10_000 + index, 10),
    ]).flat()
    const callsUsed = new Set(edges(rows, 'spawn').map((edge) => edge.split(' ')[1]))
    expect(callsUsed.size).toBe(5000)
  })
})

it('orders edges by what they leave', () => {
  const { edges: found } = buildTraceModel([
    toolCall({ ...root, id: 'call_b', from: 30, to: 40 }),
    toolCall({ ...root, id: 'call_a', from: 10, to: 50 }),
    request({ ...child, start: 20 }),
    request({ ...root, start: 60 }),
  ])
  expect(found.map(({ from, kind }) => `${nameOf(from)} ${kind}`)).toEqual([
    'call_a spawn',
    'call_a result',
    'call_b result',
  ])
})
