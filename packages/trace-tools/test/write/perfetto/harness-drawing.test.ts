// SPDX-License-Identifier: Apache-2.0
import { judge, openTrace, type OpenTrace } from '@dynamo-agent/trace-processor'
import { beforeAll, describe, expect, it } from 'vitest'
import { perfettoFormat } from '../../../src/write/perfetto/perfetto-format.ts'
import type { TimelineOptions } from '../../../src/write/timeline-options.ts'
import { harnessLine, harnessLines, turnLine } from '../../support/harness-lines.ts'
import { writeTimeline } from '../../support/timeline.ts'
import { requestLine, T0, toolCallLine } from '../../support/trace-lines.ts'

async function open(lines: readonly string[], options?: TimelineOptions): Promise<OpenTrace> {
  const trace = await openTrace(writeTimeline(perfettoFormat, lines, options).bytes)
  expect(judge(trace)).toEqual([])
  return trace
}

const tree = (trace: OpenTrace) => trace.trackTree().map(({ depth, name }) => `${'  '.repeat(depth)}${name ?? ''}`)
const inMilliseconds = (ns: bigint | number) => Number(BigInt(ns) - BigInt(T0) * 1_000_000n) / 1e6

const slicesOf = (trace: OpenTrace) => trace.slices().filter(({ category }) => category?.startsWith('dynamo.agent.harness'))
const inDuration = (ns: bigint | number) => Number(BigInt(ns)) / 1e6

/** The points of each counter whose name is given, as `time: value`, the track's parent first. */
function pointsOf(trace: OpenTrace, name: string): string[] {
  return trace
    .query<{ parent: string; ts: bigint; value: number }>(
      `select p.name parent, ts, value from counter c join track t on c.track_id = t.id
       join track p on t.parent_id = p.id where t.name = '${name}' order by parent, ts`,
    )
    .map(({ parent, ts, value }) => `${parent} ${inMilliseconds(ts)}: ${value}`)
}

const dynamoLines = [
  requestLine({ session: 'run', at: 0, total: 80 }),
  requestLine({ session: 'run.child', parent: 'run', at: 20, total: 60 }),
  toolCallLine({ session: 'run', from: 80, to: 95 }),
  requestLine({ session: 'run', at: 300, total: 90 }),
]

let trace: OpenTrace

beforeAll(async () => {
  trace = await open([...dynamoLines, ...harnessLines])
}, 60_000)

describe('what a harness tells', () => {
  it('stands on its trajectory, below requests and tools and above its children', () => {
    expect(tree(trace)).toEqual([
      'Dynamo trace',
      '  LLM requests in flight',
      '  tool calls in flight',
      '  session run',
      '    trajectory run',
      '      LLM',
      '      tools',
      '      harness',
      '      context tokens',
      '      context size',
      '      context messages',
      '      cost',
      '      trajectory run.child',
      '        LLM',
      '        harness',
      '        context tokens',
      '        context size',
      '        context messages',
      '        cost',
    ])
  })

  it('becomes slices and marks at their times', () => {
    const slices = slicesOf(trace)
    expect(slices.map(({ name, ts, dur }) => [name, inMilliseconds(ts), inDuration(dur)])).toEqual([
      ['session start', -50, 0],
      ['turn', 0, 100],
      ['turn', 20, 70],
      ['turn error', 110, 30],
      ['request error', 120, 0],
      ['request error', 125, 0],
      ['request error', 130, 0],
      ['compaction', 140, 50],
      ['checkpoint', 195, 0],
      ['setting change', 196, 0],
      ['user wait', 200, 100],
      ['turn', 300, 100],
      ['session end', 410, 0],
    ])
  })

  it('says in arguments all that its row does, and whose it is', () => {
    const slices = slicesOf(trace)
    expect(slices.find(({ name }) => name === 'turn')?.args).toEqual({
      event_source: 'pi',
      turn_index: 0,
      started_at_unix_ms: T0,
      duration_ms: 100,
      provider: 'dynamo',
      model: 'tiny-model',
      outcome: 'succeeded',
      context_messages: 10,
      context_bytes: 4000,
      context_tokens: 1000,
      usage_input_tokens: 1000,
      usage_output_tokens: 10,
      usage_cost_usd: 0.01,
      trajectory_id: 'run',
      correlation_id: expect.anything() as unknown,
    })
    expect(slices.find(({ name }) => name === 'request error')?.args).toMatchObject({
      provider: 'dynamo',
      status: 429,
      will_retry: true,
    })
    expect(slices.find(({ name }) => name === 'setting change')?.args).toMatchObject({
      setting: 'model',
      from: 'dynamo/tiny-model',
      to: 'dynamo/model',
    })
  })

  it('counts the context of each turn, before and after a compaction too', () => {
    expect(pointsOf(trace, 'context tokens')).toEqual([
      'trajectory run 0: 1000',
      'trajectory run 110: 2000',
      'trajectory run 140: 2100',
      'trajectory run 190: 300',
      'trajectory run 300: 400',
      'trajectory run.child 20: 500',
    ])
    expect(pointsOf(trace, 'context size')).toEqual([
      'trajectory run 0: 4000',
      'trajectory run 110: 8000',
      'trajectory run 300: 1600',
      'trajectory run.child 20: 2000',
    ])
    expect(pointsOf(trace, 'context messages')).toEqual([
      'trajectory run 0: 10',
      'trajectory run 110: 20',
      'trajectory run 140: 21',
      'trajectory run 190: 3',
      'trajectory run 300: 4',
      'trajectory run.child 20: 5',
    ])
  })

  it('counts what each trajectory has cost so far', () => {
    expect(pointsOf(trace, 'cost')).toEqual([
      'trajectory run 100: 0.01',
      'trajectory run 400: 0.014',
      'trajectory run.child 90: 0.002',
    ])
  })
})

describe('a harness log', () => {
  it('is a timeline by itself', async () => {
    const alone = await open(harnessLines)
    expect(tree(alone).slice(0, 4)).toEqual(['Dynamo trace', '  session run', '    trajectory run', '      harness'])
    expect(alone.slices()).toHaveLength(harnessLines.length)
  })

  it('has turns that overlap on lanes of their own', async () => {
    const overlapping = [0, 10, 20].map((from, index) => turnLine({ index, from, to: from + 50, tokens: 100 }))
    expect(tree(await open(overlapping)).filter((name) => name.includes('harness'))).toEqual([
      '      harness',
      '      harness 2',
      '      harness 3',
    ])
  })

  it('has no counters where none are wanted', async () => {
    expect(tree(await open(harnessLines, { counters: false })).filter((name) => /context|cost/.test(name))).toEqual([])
  })

  it('changes no byte of what is drawn of Dynamo', () => {
    const of = (lines: readonly string[]) => writeTimeline(perfettoFormat, lines, { counters: false }).bytes
    const without = of(dynamoLines)
    const withLog = of([...dynamoLines, harnessLine('checkpoint', { at: 500, checkpoint: { bytes: 1, totalBytes: 1 } })])
    expect(withLog.length).toBeGreaterThan(without.length)
    expect(withLog.subarray(0, 1000)).toEqual(without.subarray(0, 1000))
  })

  it('may hold texts of any alphabet and figures that nobody should tell', async () => {
    const odd = await open([
      harnessLine('session_start', { at: 0, session: { reason: 'größer 😀' } }),
      harnessLine('checkpoint', { at: 1, checkpoint: { bytes: 1e300, totalBytes: 2 ** 53 } }),
      turnLine({ index: 0, from: -5e12, to: 9e15, tokens: 1e15, costUsd: 1e308 }),
    ])
    expect(slicesOf(odd).map(({ name }) => name).toSorted()).toEqual([
      'checkpoint',
      'session start',
      'turn',
    ])
  })
})
