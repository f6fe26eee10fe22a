// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TraceRecord } from '@dynamo-agent/core'
import { fixtureFolder } from '@dynamo-agent/fixtures'
import { readTrace, type Activity, type TraceModel } from '../../src/index.ts'
import { createModelCollector } from '../../src/model/collect-model.ts'
import { createStreamModel } from '../../src/model/stream-model.ts'
import { batchRecords } from '../../src/read/batch-records.ts'
import type { RowBatch } from '../../src/read/row-batch.ts'
import { eachSpan } from '../support/each-span.ts'
import { request, toolCall, toolEnd, toolStart } from '../support/records.ts'

const fixtures = [
  'dynamo-1.2.1-agent-run.jsonl',
  'dynamo-1.3.1-agent-run.jsonl',
  'dynamo-1.4.2-tool-calls.jsonl',
  'dynamo-1.6.1-agent-run.jsonl',
  'dynamo-1.6.1-tool-calls-no-events.jsonl',
  'dynamo-1.6.1-killed-truncated.jsonl.gz',
]

interface Streamed {
  readonly model: TraceModel
  readonly released: readonly RowBatch[]
  readonly batches: readonly RowBatch[]
  readonly census: ReturnType<ReturnType<typeof createStreamModel>['end']>
}

/** Streams rows in batches of a few, through a window of the given size. */
function stream(records: readonly TraceRecord[], rowsPerBatch: number, windowBytes: number): Streamed {
  const groups: TraceRecord[][] = []
  for (let at = 0; at < records.length; at += rowsPerBatch) groups.push(records.slice(at, at + rowsPerBatch))
  const batches = groups.map(batchRecords)
  const released: RowBatch[] = []
  const sink = createModelCollector(({ batch, row }) => {
    if (released.includes(batch)) throw new Error('a row was used after it had been forgotten')
    const record = groups[batches.indexOf(batch)]?.[row]
    if (record === undefined) throw new RangeError('no such row')
    return record
  })
  const model = createStreamModel({ sink, wholeBytes: windowBytes, windowBytes, release: (batch) => released.push(batch) })
  for (const batch of batches) model.add(batch)
  const census = model.end()
  return { model: sink.model(), released, batches, census }
}

async function readRecords(fixture: string): Promise<TraceRecord[]> {
  const records: TraceRecord[] = []
  for await (const batch of readTrace([join(fixtureFolder, fixture)])) records.push(...batch)
  return records
}

/** What does not depend on whether rows are kept: the tool call of an open start is told by its id and class alone. */
function describeModel({ sessions, edges }: TraceModel): unknown {
  const trajectories = sessions.flatMap((session) =>
    session.trajectories.map(({ id, parentId, depth, startMs, endMs, requests, toolCalls }) => ({
      session: session.id,
      id,
      parentId,
      depth,
      startMs,
      endMs,
      requests: requests.map(({ record, startMs: start, endMs: end }) => [record.request.requestId, start, end]),
      toolCalls: toolCalls.map(({ timing, call, startMs: start, endMs: end }) => [timing, call.toolCallId, start, end]),
    })),
  )
  return { trajectories, edges: edges.map(({ kind, from, to }) => `${kind} ${nameOf(from)} > ${nameOf(to)}`).sort() }
}

function nameOf(activity: Activity): string {
  return activity.kind === 'tool' ? activity.call.toolCallId : activity.record.request.requestId
}

describe.each(fixtures)('%s, streamed', (fixture) => {
  it.each([1, 7, 1000])('in batches of %i says the same as with all rows known', async (rowsPerBatch) => {
    const records = await readRecords(fixture)
    const whole = stream(records, records.length, Infinity)
    const streamed = stream(records, rowsPerBatch, 64 * 1024)
    expect(describeModel(streamed.model)).toEqual(describeModel(whole.model))
    expect(streamed.census).toEqual(whole.census)
  })
})

describe('the window', () => {
  const trajectory = 'root'
  const turns = Array.from({ length: 200 }, (_, turn) => [
    request({ trajectory, id: `r${turn}`, start: turn * 100, total: 50 }),
    toolStart({ trajectory, id: `call_${turn}`, at: turn * 100 + 60 }),
    toolEnd({ trajectory, id: `call_${turn}`, at: turn * 100 + 90 }),
  ]).flat()

  it('gives each batch back once, and most of them before the end', () => {
    const { released, batches } = stream(turns, 3, 8 * 1024)
    expect(released).toEqual(batches)
  })

  it('holds so many bytes of lines, however much memory they stand in', () => {
    const batches = Array.from({ length: 20 }, (_, at) => batchRecords(turns.slice(at * 30, at * 30 + 30)))
    const wholeBytes = batches.reduce((sum, { lineBytes }) => sum + lineBytes, 0)
    const released: RowBatch[] = []
    const release = (batch: RowBatch): void => void released.push(batch)
    const model = createStreamModel({ sink: createModelCollector(() => turns[0]!), wholeBytes, windowBytes: 1, release })
    for (const batch of batches) {
      const bytes = new Uint8Array(batch.bytes.length * 2)
      bytes.set(batch.bytes)
      model.add({ ...batch, bytes })
    }
    expect(released).toEqual([])
    model.end()
    expect(released).toHaveLength(20)
  })

  it('pairs a call whose end comes long after its start has been forgotten', () => {
    const rows = [toolStart({ trajectory, id: 'long', at: 0 }), ...turns, toolEnd({ trajectory, id: 'long', at: 50_000 })]
    const { model } = stream(rows, 3, 1)
    const [session] = model.sessions
    const long = session?.trajectories[0]?.toolCalls.find(({ call }) => call.toolCallId === 'long')
    expect(long).toMatchObject({ timing: 'paired', startMs: 0, endMs: 50_000 })
  })

  it('knows a trajectory that is silent for long as before', () => {
    const busy = Array.from({ length: 1200 }, (_, index) =>
      request({ trajectory: 'busy', id: `busy_${index}`, start: 1000 + index * 10, total: 5 }),
    )
    const rows = [
      request({ trajectory, id: 'first', start: 0, total: 50 }),
      toolStart({ trajectory, id: 'open', at: 60 }),
      toolCall({ trajectory, id: 'waits', from: 70, to: 80 }),
      ...busy,
      toolEnd({ trajectory, id: 'open', at: 20_000 }),
      request({ trajectory, id: 'second', start: 20_010, total: 50 }),
    ]
    const whole = stream(rows, rows.length, Infinity)
    expect(whole.model.edges.map(({ from, to }) => `${nameOf(from)} > ${nameOf(to)}`)).toEqual(['open > second', 'waits > second'])
    expect(describeModel(stream(rows, 1, 1).model)).toEqual(describeModel(whole.model))
  })

  it('knows after any number of calls that one was reported', () => {
    const asks = { trajectory: 'waits', asks: ['call_a', 'call_b'] }
    const busy = Array.from({ length: 3 * 65536 }, (_, call) =>
      toolCall({ trajectory, id: `busy_${call}`, from: 100 + call, to: 101 + call }),
    )
    const rows = [
      toolCall({ trajectory: 'waits', id: 'call_a', from: 11, to: 20 }),
      request({ ...asks, id: 'first', start: 0, total: 10 }),
      ...busy,
      toolCall({ trajectory: 'waits', id: 'call_b', from: 11, to: 290_000 }),
      request({ trajectory: 'waits', id: 'next', start: 300_000 }),
    ]
    const { sessions } = stream(rows, 1000, 0).model
    const waits = sessions.flatMap(({ trajectories }) => trajectories).find(({ id }) => id === 'waits')
    expect(waits?.toolCalls.map(({ timing, call }) => `${call.toolCallId} ${timing}`)).toEqual([
      'call_b measured',
      'call_a measured',
    ])
  })

  it('takes rows in any order as long as they are within it', () => {
    const shuffled = turns.toSorted((a, b) => (a.eventTimeMs * 7919) % 601 - ((b.eventTimeMs * 7919) % 601))
    expect(describeModel(stream(shuffled, 10, Infinity).model)).toEqual(describeModel(stream(turns, 10, Infinity).model))
  })

  it.each([
    [0, 1, 2],
    [1, 0, 2],
    [2, 1, 0],
  ])('knows which request overlaps one that asked for a call, in whatever order they come: %i %i %i', (...order) => {
    const rows = [
      request({ trajectory, id: 'overlaps', start: 15_000, total: 5000 }),
      request({ trajectory, id: 'early', start: 1000, total: 17_000 }),
      request({ trajectory, id: 'asks', start: 12_000, total: 13_000, asks: ['call_a'] }),
    ]
    const next: (string | undefined)[] = []
    const sink = eachSpan({
      request: () => undefined,
      tool: ({ asked }) => next.push(asked?.next?.requestId),
      end: () => undefined,
    })
    const model = createStreamModel({ sink })
    model.add(batchRecords(order.flatMap((place) => rows[place] ?? [])))
    model.end()
    expect(next).toEqual(['overlaps'])
  })

  it('keeps the arrow to a child that began before anybody had reported the call', () => {
    const root = { trajectory: 'root' }
    const child = { trajectory: 'child', parent: 'root' }
    const rows = [
      request({ ...root, id: 'asks', start: 0, total: 10, asks: ['call_spawn'] }),
      request({ ...child, id: 'child-first', start: 20, total: 10 }),
      request({ ...child, id: 'child-second', start: 40, total: 10 }),
      toolCall({ ...root, id: 'call_spawn', from: 12, to: 60 }),
      request({ ...root, id: 'goes-on', start: 61, total: 5 }),
    ]
    const { edges } = stream(rows, 1, 0).model
    expect(edges.map(({ kind, from, to }) => `${kind} ${nameOf(from)} > ${nameOf(to)}`)).toEqual([
      'spawn call_spawn > child-first',
      'result call_spawn > goes-on',
    ])
  })

  it('tells of more spans than it tells at once, and of a call that started more trajectories than that', () => {
    const children = Array.from({ length: 40_000 }, (_, index) =>
      request({ trajectory: `child-${index}`, parent: 'root', start: 20 + index / 1000, total: 1 }),
    )
    const rows = [
      request({ trajectory: 'root', start: 0, total: 10 }),
      ...children,
      toolCall({ trajectory: 'root', id: 'call', from: 12, to: 100 }),
    ]
    const spawned = new Set<number>()
    const model = createStreamModel({
      sink: eachSpan({
        request: ({ spawn }) => spawn && spawned.add(spawn.edgeId),
        tool: ({ spawns }) => {
          for (const edgeId of spawns) spawned.delete(edgeId)
          expect(spawns).toHaveLength(children.length)
        },
        end: () => undefined,
      }),
    })
    model.add(batchRecords(rows))
    expect(model.end()).toMatchObject({ duplicateRows: 0, orphanParents: 0 })
    expect(spawned.size).toBe(0)
  })

  it('tells what the rows should not say together', () => {
    const rows = [
      request({ trajectory: 'a', parent: 'b', start: 0 }),
      request({ trajectory: 'b', parent: 'a', start: 1 }),
      request({ trajectory: 'c', parent: 'gone', start: 2 }),
      toolStart({ trajectory: 'c', id: 'open', at: 3 }),
      toolCall({ trajectory: 'c', id: 'twice', from: 3, to: 4 }),
      toolCall({ trajectory: 'c', id: 'twice', from: 3, to: 4 }),
    ]
    expect(stream(rows, 1, 1).census).toEqual({
      duplicateRows: 1,
      unpairedToolStarts: 1,
      orphanParents: 1,
      parentCycles: 1,
    })
  })
})
