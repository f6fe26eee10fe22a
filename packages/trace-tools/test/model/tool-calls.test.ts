// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { ToolRecord, TraceRecord } from '@dynamo-agent/core'
import { buildTraceModel, type ToolSpan } from '../../src/index.ts'
import { request, toolCall, toolEnd, toolError, toolStart } from '../support/records.ts'

const trajectory = 'a'

function spansOf(rows: readonly TraceRecord[]): readonly ToolSpan[] {
  return buildTraceModel(rows).sessions.flatMap((session) => session.trajectories.flatMap((each) => each.toolCalls))
}

/** `timing start-end`, in order. */
function outline(rows: readonly TraceRecord[]): string[] {
  return spansOf(rows).map(({ timing, startMs, endMs }) => `${timing} ${startMs}-${endMs}`)
}

const start = (at: number, more: Partial<Parameters<typeof toolStart>[0]> = {}): ToolRecord =>
  toolStart({ trajectory, at, ...more })
const end = (at: number, more: Partial<Parameters<typeof toolEnd>[0]> = {}): ToolRecord =>
  toolEnd({ trajectory, at, ...more })

describe('the time of a tool call', () => {
  it.each<[string, ToolRecord[], string[]]>([
    ['the end row says both', [end(21, { startedAtMs: 10, endedAtMs: 20 })], ['measured 10-20']],
    [
      'its times come before its duration',
      [end(21, { startedAtMs: 10, endedAtMs: 20, durationMs: 3 })],
      ['measured 10-20'],
    ],
    ['start and duration', [end(21, { startedAtMs: 10, durationMs: 4.5 })], ['measured 10-14.5']],
    [
      'a duration within one millisecond',
      [end(10, { startedAtMs: 10, endedAtMs: 10, durationMs: 0.25 })],
      ['measured 10-10.25'],
    ],
    ['no time at all', [end(10, { startedAtMs: 10, endedAtMs: 10, durationMs: 0 })], ['measured 10-10']],
    ['end and duration', [end(21, { endedAtMs: 20, durationMs: 5 })], ['measured 15-20']],
    ['duration alone, back from the event', [end(21, { durationMs: 5 })], ['measured 16-21']],
    [
      'an end before the start gives way to the duration',
      [end(21, { startedAtMs: 20, endedAtMs: 10, durationMs: 5 })],
      ['measured 20-25'],
    ],
    ['start row and end row', [start(10), end(20)], ['paired 10-20']],
    [
      'their own times before those of the events',
      [start(12, { startedAtMs: 10 }), end(22, { endedAtMs: 20 })],
      ['paired 10-20'],
    ],
    ['an end row alone without times', [end(20)], ['inferred 20-20']],
  ])('%s', (_name, rows, expected) => {
    expect(outline(rows)).toEqual(expected)
  })
})

describe('pairing of start and end rows', () => {
  it.each<[string, ToolRecord[], string[]]>([
    ['rows in any order', [end(20), start(10)], ['paired 10-20']],
    ['an end row before its start row within one millisecond', [end(10), start(10)], ['paired 10-10']],
    ['an id used again, call after call', [start(10), end(20), start(30), end(40)], ['paired 10-20', 'paired 30-40']],
    [
      'an id used again in the millisecond of the end',
      [start(20), end(20), start(10), end(30)],
      ['paired 10-20', 'paired 20-30'],
    ],
    ['an id used by nested calls', [start(10), start(15), end(20), end(30)], ['paired 10-30', 'paired 15-20']],
    [
      'overlapping calls with one id, told apart by the starts they name',
      [start(10), start(15), end(20, { startedAtMs: 10, endedAtMs: 20 }), end(30, { startedAtMs: 15, endedAtMs: 30 })],
      ['measured 10-20', 'measured 15-30'],
    ],
    [
      'an end that names another call does not take this start',
      [start(10), end(9000, { startedAtMs: 8000, endedAtMs: 9000 })],
      ['unended 10-9000', 'measured 8000-9000'],
    ],
    [
      'two clock readings for one start',
      [start(10), end(20, { startedAtMs: 13, endedAtMs: 20 })],
      ['measured 13-20'],
    ],
    [
      'different ids',
      [start(10, { id: 'x' }), start(11, { id: 'y' }), end(20, { id: 'x' }), end(30, { id: 'y' })],
      ['paired 10-20', 'paired 11-30'],
    ],
    [
      'a start without end reaches to the end of its trajectory',
      [start(10), end(50, { id: 'y' }), start(45, { id: 'y' })],
      ['unended 10-50', 'paired 45-50'],
    ],
    ['starts alone reach to the last of them', [start(10), start(30, { id: 'y' })], ['unended 10-30', 'unended 30-30']],
  ])('%s', (_name, rows, expected) => {
    expect(outline(rows)).toEqual(expected)
  })

  it('keeps calls of different trajectories apart that share an id', () => {
    const rows = [
      toolStart({ trajectory: 'a', at: 10 }),
      toolEnd({ trajectory: 'b', at: 15 }),
      toolEnd({ trajectory: 'a', at: 20 }),
    ]
    expect(outline(rows)).toEqual(['paired 10-20', 'inferred 15-15'])
  })

  it('takes the first of two ends that report one call', () => {
    const call = { trajectory, startedAtMs: 10 }
    const model = buildTraceModel([
      start(10),
      toolError({ ...call, at: 20, endedAtMs: 20, status: 'cancelled' }),
      toolEnd({ ...call, at: 25, endedAtMs: 25, status: 'succeeded' }),
    ])
    expect(model.duplicateRows).toBe(1)
    expect(model.sessions[0]?.trajectories[0]?.toolCalls).toMatchObject([{ endMs: 20, call: { status: 'cancelled' } }])
  })

  it('tells a failed call by its event, whatever its status', () => {
    expect(spansOf([toolError({ trajectory, at: 20, durationMs: 5, status: 'cancelled' })])).toMatchObject([
      { failed: true, call: { status: 'cancelled', toolClass: 'bash' } },
    ])
    expect(spansOf([toolEnd({ trajectory, at: 20, durationMs: 5 })])).toMatchObject([{ failed: false }])
  })

  it('stands 5,000 overlapping calls that share an id', () => {
    const rows = Array.from({ length: 5000 }, (_, index) => [
      start(index),
      end(100_000 + index, { startedAtMs: index, endedAtMs: 100_000 + index }),
    ]).flat()
    const spans = spansOf(rows)
    expect(spans).toHaveLength(5000)
    expect(spans.every(({ startMs, endMs }) => endMs - startMs === 100_000)).toBe(true)
  })
})

describe('tool calls that nobody reported', () => {
  it.each<[string, TraceRecord[], string[]]>([
    [
      'last from the request that asked to the next one',
      [request({ trajectory, start: 0, total: 10, asks: ['x', 'y'] }), request({ trajectory, start: 30 })],
      ['inferred 10-30', 'inferred 10-30'],
    ],
    [
      'have no length where no request follows',
      [request({ trajectory, start: 0, total: 10, asks: ['x'] })],
      ['inferred 10-10'],
    ],
    [
      'have no length where the next request overlaps',
      [request({ trajectory, start: 0, total: 10, asks: ['x'] }), request({ trajectory, start: 5 })],
      ['inferred 10-10'],
    ],
    [
      'are only those that have no row',
      [
        request({ trajectory, start: 0, total: 10, asks: ['x', 'y'] }),
        toolCall({ trajectory, id: 'x', from: 11, to: 25 }),
        request({ trajectory, start: 30 }),
      ],
      ['inferred 10-30', 'measured 11-25'],
    ],
    [
      'are not those that were started',
      [
        request({ trajectory, start: 0, total: 10, asks: ['x'] }),
        start(11, { id: 'x' }),
        request({ trajectory, start: 30 }),
      ],
      ['unended 11-30'],
    ],
    [
      'are not those that were started after an overlapping request had begun',
      [
        request({ trajectory, id: 'r1', start: 0, total: 10, asks: ['x'] }),
        request({ trajectory, id: 'r2', start: 5, total: 3 }),
        start(14, { id: 'x' }),
      ],
      ['unended 14-14'],
    ],
    [
      'last up to any request where none has a context, as in the converter that ships with Dynamo',
      [request({ start: 0, total: 10, asks: ['x'] }), request({ start: 30 })],
      ['inferred 10-30'],
    ],
  ])('%s', (_name, rows, expected) => {
    expect(outline(rows)).toEqual(expected)
  })

  it('know who asked for what', () => {
    const [span] = spansOf([request({ trajectory, id: 'r1', start: 0, total: 10, asks: ['x'] })])
    expect(span?.asked?.by.record.request.requestId).toBe('r1')
    expect(span?.asked?.as).toMatchObject({ id: 'x', name: 'bash' })
    expect(span?.call).toEqual({ toolCallId: 'x', toolClass: 'bash' })
  })

  it('are not made up for a call without id where tools are reported', () => {
    const record = request({ trajectory, start: 0, total: 10 })
    const asking = {
      ...record,
      request: { ...record.request, finish: { toolCalls: [{ choiceIndex: 0, toolCallIndex: 0 }], choices: [] } },
    }
    expect(outline([asking])).toEqual(['inferred 10-10'])
    expect(outline([asking, toolCall({ trajectory, from: 11, to: 12 })])).toEqual(['measured 11-12'])
  })
})
