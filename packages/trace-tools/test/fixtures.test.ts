// SPDX-License-Identifier: Apache-2.0
import { join, relative, sep } from 'node:path'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { TraceRecord } from '@dynamo-agent/core'
import { fixtureFolder, traceFiles } from '@dynamo-agent/fixtures'
import { judge, openTrace } from '@dynamo-agent/trace-processor'
import {
  buildTraceModel,
  convertTrace,
  readTrace,
  summarizeTrace,
  timelineFormats,
  type Census,
  type TimelineFormatName,
  type TraceModel,
} from '../src/index.ts'

interface Loaded {
  readonly records: readonly TraceRecord[]
  readonly model: TraceModel
  readonly census: Census
}

async function load(name: string): Promise<Loaded> {
  const reading = readTrace([join(fixtureFolder, name)])
  const records: TraceRecord[] = []
  for await (const batch of reading) records.push(...batch)
  return { records, model: buildTraceModel(records), census: reading.census }
}

async function convert(name: string, format: TimelineFormatName): Promise<Buffer> {
  const pieces: Buffer[] = []
  const stdout = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(piece)
      done()
    },
  })
  await convertTrace({ inputs: [join(fixtureFolder, name)], output: '-', format, stdout })
  return Buffer.concat(pieces)
}

const oldRun = 'dynamo-1.2.1-agent-run.jsonl'
const runs = ['1.3.1', '1.4.2', '1.5.1', '1.6.1'].map((release) => `dynamo-${release}-agent-run.jsonl`)
const toolCallRuns = ['1.3.1', '1.4.2', '1.5.1', '1.6.1'].map((release) => `dynamo-${release}-tool-calls.jsonl`)

describe('the census of a captured trace', () => {
  const run = { request_end: 27, tool_start: 27, tool_end: 24, tool_error: 3 }
  const calls = { request_end: 13, tool_start: 12, tool_end: 11, tool_error: 1 }

  it.each<[string, Census['byType'], Partial<Census['rows']>]>([
    [oldRun, { ...run, request_end: 26 }, {}],
    ...runs.map((name) => [name, run, {}] as [string, typeof run, object]),
    ...toolCallRuns.map((name) => [name, calls, {}] as [string, typeof run, object]),
    ['dynamo-1.6.1-agent-run-rolled', run, {}],
    ['dynamo-1.6.1-agent-run-payload.jsonl', run, { payload: 27 }],
    ['dynamo-1.6.1-tool-calls-no-events.jsonl', { request_end: 13, tool_start: 0, tool_end: 0, tool_error: 0 }, {}],
    ['dynamo-1.6.1-killed-truncated.jsonl.gz', { ...run, tool_end: 565 }, { skipped: 1 }],
  ])('of %s', async (name, byType, { payload = 0, skipped = 0 }) => {
    const { census } = await load(name)
    const used = Object.values(byType).reduce((sum, count) => sum + count, 0)
    expect(census.byType).toEqual(byType)
    expect(census.rows).toEqual({ read: used + payload + skipped, used, payload, skipped, filtered: 0 })
  })

  it('of the one that was cut by a kill names its torn end and nothing else', async () => {
    const { census } = await load('dynamo-1.6.1-killed-truncated.jsonl.gz')
    const name = join(fixtureFolder, 'dynamo-1.6.1-killed-truncated.jsonl.gz')
    expect(census.skipped).toEqual({ torn: { count: 1, first: `${name}:623` } })
    expect(census.inputs).toMatchObject([{ gzip: true, end: 'torn', bytes: 49_152 }])
  })

  it('of rolled segments has them in order', async () => {
    const { census } = await load('dynamo-1.6.1-agent-run-rolled')
    const segments = census.inputs.map(({ name, rows, end }) => [relative(fixtureFolder, name), rows.used, end])
    expect(segments).toEqual(
      [20, 20, 20, 20, 1].map((rows, index) => [
        join('dynamo-1.6.1-agent-run-rolled', `trace.00000${index}.jsonl.gz`),
        rows,
        'whole',
      ]),
    )
  })
})

describe('the model of a captured agent run', () => {
  it.each([oldRun, ...runs, 'dynamo-1.6.1-agent-run-rolled', 'dynamo-1.6.1-agent-run-payload.jsonl'])(
    'has one root, three children and their tools: %s',
    async (name) => {
      const { model } = await load(name)
      const [session] = model.sessions.filter(({ id }) => id !== undefined)
      const root = session?.id ?? ''
      expect(model.duplicateRows).toBe(0)
      expect(root).toMatch(/^agent-run-\d{4}$/)
      const trajectories = session!.trajectories.map(({ id, parentId, depth, requests, toolCalls }) => ({
        id,
        parentId,
        depth,
        requests: requests.length,
        toolCalls: toolCalls.length,
        failed: toolCalls.filter(({ failed }) => failed).length,
      }))
      expect(trajectories[0]).toEqual({ id: root, depth: 0, requests: 14, toolCalls: 16, failed: 2 })
      expect(trajectories.slice(1).sort((a, b) => a.id.localeCompare(b.id))).toEqual([
        { id: `${root}:explore:5-0`, parentId: root, depth: 1, requests: 3, toolCalls: 2, failed: 0 },
        { id: `${root}:explore:5-1`, parentId: root, depth: 1, requests: 4, toolCalls: 4, failed: 0 },
        { id: `${root}:explore:5-2`, parentId: root, depth: 1, requests: 5, toolCalls: 5, failed: 1 },
      ])
      const spans = session!.trajectories.flatMap(({ toolCalls }) => toolCalls)
      expect(new Set(spans.map(({ timing }) => timing))).toEqual(new Set(['measured']))
    },
  )

  it.each([oldRun, ...runs])('leads from each spawning call to the child it ran: %s', async (name) => {
    const { model } = await load(name)
    const spawns = model.edges.filter(({ kind }) => kind === 'spawn')
    const children = model.sessions.flatMap(({ trajectories }) => trajectories.filter(({ depth }) => depth === 1))
    expect(new Set(spawns.map(({ from }) => from)).size).toBe(3)
    for (const { from, to, provenance } of spawns) {
      const child = children.find(({ requests }) => requests[0] === to)!
      expect(from).toMatchObject({ kind: 'tool', call: { toolClass: 'spawn_agent' } })
      expect(provenance).toBe('derived')
      expect(from.startMs).toBeLessThanOrEqual(child.startMs)
      expect(from.endMs - child.endMs).toBeGreaterThan(-1)
      expect(from.endMs - child.endMs).toBeLessThan(5)
    }
    expect(model.edges.filter(({ kind }) => kind === 'result')).toHaveLength(27)
  })

  it.each(runs)('keeps the request without context apart: %s', async (name) => {
    const { model } = await load(name)
    expect(model.sessions.filter(({ id }) => id === undefined)).toMatchObject([
      { trajectories: [{ id: 'request-only', requests: [{ record: { type: 'request_end' } }], toolCalls: [] }] },
    ])
  })

  it('finds as inferred what the harness would have reported', async () => {
    const measured = await load('dynamo-1.6.1-tool-calls.jsonl')
    const inferred = await load('dynamo-1.6.1-tool-calls-no-events.jsonl')
    const classes = ({ model }: typeof measured) =>
      model.sessions.map(({ trajectories }) =>
        trajectories
          .map(({ id, toolCalls }) => [id, toolCalls.map(({ call }) => call.toolClass).sort()] as const)
          .sort(([a], [b]) => a.localeCompare(b)),
      )
    expect(classes(inferred)).toEqual(classes(measured))
    expect(summarizeTrace(inferred.records).toolCalls).toMatchObject({ total: 12, inferred: 12 })
    expect(summarizeTrace(measured.records).toolCalls).toMatchObject({ total: 12, errors: 1, cancelled: 1, inferred: 0 })
    expect(inferred.model.edges.filter(({ kind }) => kind === 'spawn')).toMatchObject([
      { provenance: 'inferred' },
      { provenance: 'inferred' },
    ])
  })

  it('tells seven sessions of tools alone in the trace that was cut', async () => {
    const { model } = await load('dynamo-1.6.1-killed-truncated.jsonl.gz')
    const trajectories = model.sessions.flatMap((session) => session.trajectories)
    const toolsAlone = trajectories.filter(({ requests }) => requests.length === 0)
    expect(toolsAlone.map(({ toolCalls }) => toolCalls.length)).toEqual([78, 78, 77, 77, 77, 77, 77])
  })

  it.each(runs)('finds no turn without its cache: %s', async (name) => {
    expect(summarizeTrace((await load(name)).records).cache.losses).toMatchObject({ count: 0 })
  })
})

describe('the timeline of a captured trace', () => {
  const names = new Set(traceFiles.map((file) => relative(fixtureFolder, file).split(sep)[0] ?? ''))
  const formats = Object.keys(timelineFormats) as TimelineFormatName[]

  it.each(formats.flatMap((format) => Array.from(names, (name) => [format, name] as const)))(
    'is flawless as %s: %s',
    async (format, name) => {
      const { model } = await load(name)
      using timeline = await openTrace(await convert(name, format))
      expect(judge(timeline)).toEqual([])

      const trajectories = model.sessions.flatMap((session) => session.trajectories)
      const requests = trajectories.flatMap((trajectory) => trajectory.requests)
      const toolCalls = trajectories.flatMap((trajectory) => trajectory.toolCalls)
      const count = (category: string): number => timeline.slices({ category }).length
      expect(count('dynamo.llm')).toBe(requests.length)
      expect(count('dynamo.llm.stage')).toBe(requests.flatMap(({ stages }) => stages).length)
      expect(count('dynamo.llm.marker')).toBe(requests.filter(({ firstTokenMs }) => firstTokenMs !== undefined).length)
      expect(count('dynamo.agent.tool')).toBe(toolCalls.length)
      expect(timeline.flows()).toHaveLength(model.edges.length)
    },
  )
})
