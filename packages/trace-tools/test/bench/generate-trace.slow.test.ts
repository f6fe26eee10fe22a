// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseExactJson } from '@dynamo-agent/core'
import { traceLineSchema } from '@dynamo-agent/core/schemas'
import { readLines, traceFiles } from '@dynamo-agent/fixtures'
import { describe, expect, it } from 'vitest'
import { truthPath, writeTrace } from '../../bench/generator/write-trace.ts'
import { convertTrace } from '../../src/index.ts'
import { generated } from '../support/generated-trace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { readMessage, submessages } from '../write/perfetto/wire-reader.ts'

const traces = (['coding-agent', 'swarm', 'deep'] as const).flatMap((shape) =>
  (['1.2', '1.6'] as const).map((generation) => ({ shape, generation, rows: 3000, seed: 7 })),
)

describe.each(traces)('a generated trace: $shape, Dynamo $generation', (options) => {
  const { lines, bytes, truth } = generated(options)

  it('is the same for the same seed, and another for another', () => {
    expect(digest(generated(options).bytes)).toBe(digest(bytes))
    expect(digest(generated({ ...options, seed: 8 }).bytes)).not.toBe(digest(bytes))
  })

  it('has rows that keep to the schema', () => {
    for (const line of lines) expect(traceLineSchema.safeParse(parseExactJson(line)).error, line).toBeUndefined()
  })

  it('has the keys of captured rows, in their order, and the same forms of values', () => {
    const captured = traceFiles.filter((path) => path.includes(`dynamo-${options.generation}.1-`)).flatMap(readLines)
    const known = new Set(captured.flatMap(formsOf))
    for (const line of lines) expect(formsOf(line).filter((form) => !known.has(form)), line).toEqual([])
  })

  it('is written in the order in which rows arrive, at most a few milliseconds after what they tell of', () => {
    const rows = lines.map((line) => JSON.parse(line) as { timestamp: number; event: { event_time_unix_ms: number } })
    const arrivals = rows.map((row) => row.timestamp)
    const delays = rows.map((row) => row.timestamp + 1_795_249_999_000 - row.event.event_time_unix_ms)
    expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(-1)
    expect(Math.max(...delays)).toBeLessThanOrEqual(5)
  })

  it('gives each request and each call an id of its own, in traces of other seeds too', () => {
    const other = generated({ ...options, seed: 8 })
    const all = [...lines, ...other.lines]
    const requests = all.flatMap((line) => /"request_id":"[^"]+"/.exec(line)?.[0] ?? [])
    const starts = all.flatMap((line) => /"tool_start".*"tool_call_id":"([^"]+)"/.exec(line)?.[1] ?? [])
    expect(new Set(requests).size).toBe(truth.requests + other.truth.requests)
    expect(new Set(starts).size).toBe(truth.rows.tool_start + other.truth.rows.tool_start)
  })

  it('holds what its truth says, down to arrows, lanes and wall time', async () => {
    const { census, summary, drawn } = await convert(bytes)
    expect(bytes.length).toBe(truth.bytes)
    expect(census.byType).toEqual(truth.rows)
    expect(census.rows).toMatchObject({ used: options.rows, skipped: 0 })
    const { sessions, trajectories, requests, unattributedRequests, toolCalls, tokens } = truth
    expect(summary).toMatchObject({ sessions, trajectories, requests, unattributedRequests, toolCalls, tokens })
    const { total, ...parts } = truth.busyNs
    expect(summary.wallTime.totalMs).toBeCloseTo(total / 1e6, 0)
    for (const { name, ms } of summary.wallTime.parts) expect(ms, name).toBeCloseTo(parts[name] / 1e6, 0)
    expect(drawn).toMatchObject({
      arrows: truth.edges.spawn + truth.edges.result,
      requestLanes: truth.lanes.requests,
    })
    expect(drawn.toolLanes).toBeGreaterThanOrEqual(truth.lanes.toolCalls)
    expect(drawn.toolLanes).toBeLessThanOrEqual(truth.lanes.toolCalls + truth.lanes.openEnded)
  })
})

it.each([
  { shape: 'coding-agent', rows: 600, seed: 2, unended: 0 },
  { shape: 'swarm', rows: 400, seed: 1, unended: 0 },
  { shape: 'deep', rows: 400, seed: 4, unended: 0 },
  { shape: 'coding-agent', rows: 3000, seed: 14, unended: 5 },
  { shape: 'swarm', rows: 1500, seed: 13, unended: 2 },
  { shape: 'deep', rows: 1500, seed: 22, unended: 3 },
] as const)('a generated trace needs the very lanes that its truth says ($shape, $unended calls never end)', async (given) => {
  const { unended, ...options } = given
  const { bytes, truth } = generated(options)
  expect(truth.toolCalls.unended).toBe(unended)
  // The next request tells how far each of them goes on.
  expect(truth.lanes.openEnded).toBe(0)
  const { requests: requestLanes, toolCalls: toolLanes } = truth.lanes
  const { summary, drawn } = await convert(bytes)
  expect(summary.toolCalls).toEqual(truth.toolCalls)
  expect(drawn).toMatchObject({ requestLanes, toolLanes })
})

describe('the generator', () => {
  it.each([0, 1, 2, 3, 10, 101, 3001])('makes as many rows as it is asked for: %d', (rows) => {
    for (const options of traces) expect(generated({ ...options, rows }).lines).toHaveLength(rows)
  })

  it('nests subagents more than ten levels deep, and fans out to dozens of them', () => {
    expect(generated({ shape: 'deep', rows: 20_000, seed: 1 }).truth.levels).toBeGreaterThan(10)
    const { truth } = generated({ shape: 'swarm', rows: 20_000, seed: 1 })
    expect(truth.trajectories / truth.sessions).toBeGreaterThan(24)
  })

  it.each(['coding-agent', 'swarm', 'deep'] as const)('keeps rows to a kilobyte and half of them to tools: %s', (shape) => {
    const { truth } = generated({ shape, rows: 20_000, seed: 3 })
    expect(truth.bytes / 20_000).toBeGreaterThan(900)
    expect(truth.bytes / 20_000).toBeLessThan(1150)
    expect(truth.rows.request_end / 20_000).toBeGreaterThan(0.4)
    expect(truth.rows.request_end / 20_000).toBeLessThan(0.5)
  })

  it('has more sessions at once in a larger trace, not a longer time', () => {
    const hours = [10_000, 40_000].map((rows) => generated({ shape: 'coding-agent', rows, seed: 1 }).truth.durationNs / 3.6e12)
    for (const span of hours) expect(span).toBeGreaterThan(2)
    for (const span of hours) expect(span).toBeLessThan(4)
  })

  it('writes the truth beside the trace, and a compressed one in members of whole lines', async () => {
    const folder = temporaryFolder()
    const options = { shape: 'swarm', rows: 3000, seed: 2 } as const
    const [plain, compressed] = [join(folder, 'trace.jsonl'), join(folder, 'trace.jsonl.gz')]
    const truth = await writeTrace(plain, options)
    await writeTrace(compressed, options)

    expect(JSON.parse(readFileSync(truthPath(plain), 'utf8'))).toEqual({ options, ...truth })
    expect(readFileSync(truthPath(compressed))).toEqual(readFileSync(truthPath(plain)))
    const bytes = readFileSync(compressed)
    expect(digest(gunzipSync(bytes))).toBe(digest(readFileSync(plain)))
    const secondMember = bytes.indexOf(Buffer.from([0x1f, 0x8b, 0x08]), 1)
    expect(gunzipSync(bytes.subarray(0, secondMember)).at(-1)).toBe(0x0a)
  })
})

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The parts of a row with its values replaced by their kind: text, integer or float. */
function formsOf(line: string): string[] {
  const form = line
    .replace(/:"[^"]*"/g, ':text')
    .replace(/-?\d+\.\d+(e-?\d+)?/g, 'float')
    .replace(/(?<=[:[,])-?\d+/g, 'integer')
    .replace(/(\[|,)(integer|\{[^{}]*\})(,\2)+/g, '$1$2')
  const parts = /"(agent_context|replay|finish_reason_metadata|tool)":\{([^{}]|\{[^{}]*\})*\}/g
  return [form.replace(/,"avg_itl_ms":float/, '').replace(parts, '$1').replace(',finish_reason_metadata', ''), ...(form.match(parts) ?? [])]
}

async function convert(bytes: Uint8Array) {
  const input = join(temporaryFolder(), 'trace.jsonl')
  writeFileSync(input, bytes)
  const output = `${input}.pftrace`
  const result = await convertTrace({ inputs: [input], output })
  return { ...result, drawn: countDrawn(readFileSync(output)) }
}

/** Counts the arrows and lanes of a Perfetto timeline. */
function countDrawn(bytes: Uint8Array): { arrows: number; requestLanes: number; toolLanes: number } {
  const counts = { arrows: 0, requestLanes: 0, toolLanes: 0 }
  for (const packet of submessages(readMessage(bytes), 1)) {
    const fields = readMessage(packet)
    for (const event of submessages(fields, 11)) counts.arrows += submessages(readMessage(event), 48).length
    for (const descriptor of submessages(fields, 60)) {
      const name = Buffer.from(submessages(readMessage(descriptor), 2)[0] ?? []).toString()
      if (/^LLM( \d+)?$/.test(name)) counts.requestLanes++
      if (/^tools( \d+)?$/.test(name)) counts.toolLanes++
    }
  }
  return counts
}
