// SPDX-License-Identifier: Apache-2.0
import { judge, openTrace } from '@dynamo-agent/trace-processor'
import { expect, it } from 'vitest'
import { chromeJsonFormat } from '../../../src/write/chrome-json/chrome-json-format.ts'
import type { TimelineOptions } from '../../../src/write/timeline-options.ts'
import { harnessLines, turnLine } from '../../support/harness-lines.ts'
import { writeTimeline } from '../../support/timeline.ts'
import { requestLine, T0 } from '../../support/trace-lines.ts'

interface ChromeEvent {
  readonly ph: string
  readonly pid: number
  readonly tid?: number
  readonly ts: number
  readonly dur?: number
  readonly cat?: string
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

const lines = [
  requestLine({ session: 'run', at: 0, total: 80 }),
  requestLine({ session: 'run.child', parent: 'run', at: 20, total: 60 }),
  ...harnessLines,
]

const eventsOf = (given: readonly string[], options?: TimelineOptions) =>
  JSON.parse(writeTimeline(chromeJsonFormat, given, options).bytes.toString()) as ChromeEvent[]
const isOfHarness = ({ cat }: ChromeEvent) => cat?.startsWith('dynamo.agent.harness') === true
const inMilliseconds = (us: number) => us / 1000 - T0

it('draws turns, compactions and waits as slices, everything else as marks', () => {
  const drawn = eventsOf(lines).filter(isOfHarness)
  expect(drawn.map(({ ph, name, ts, dur }) => [ph, name, inMilliseconds(ts), dur])).toEqual([
    ['i', 'session start', -50, undefined],
    ['X', 'turn', 20, 70_000],
    ['X', 'turn', 0, 100_000],
    ['i', 'request error', 120, undefined],
    ['i', 'request error', 125, undefined],
    ['i', 'request error', 130, undefined],
    ['X', 'turn error', 110, 30_000],
    ['X', 'compaction', 140, 50_000],
    ['i', 'checkpoint', 195, undefined],
    ['i', 'setting change', 196, undefined],
    ['X', 'user wait', 200, 100_000],
    ['X', 'turn', 300, 100_000],
    ['i', 'session end', 410, undefined],
  ])
})

it('draws them on a thread of their own in the process of their session', () => {
  const events = eventsOf(lines)
  const [process] = events.filter(({ name, args }) => name === 'process_name' && args.name === 'session run')
  const harness = events.filter(({ name, args }) => name === 'thread_name' && String(args.name).endsWith('harness'))
  expect(harness.map(({ pid, args }) => [pid, args.name])).toEqual([
    [process?.pid, 'run harness'],
    [process?.pid, 'run.child harness'],
  ])
  const threads = new Set(events.filter(isOfHarness).map(({ tid }) => tid))
  expect([...threads].toSorted()).toEqual(harness.map(({ tid }) => tid).toSorted())
})

it('says in arguments all that a row does, and whose it is', () => {
  const [, child] = eventsOf(lines).filter(isOfHarness)
  expect(child?.args).toEqual({
    session_type_id: 'pi_coding_agent',
    session_id: 'run',
    trajectory_id: 'run.child',
    parent_trajectory_id: 'run',
    event_source: 'pi',
    turn_index: 0,
    started_at_unix_ms: T0 + 20,
    duration_ms: 70,
    provider: 'dynamo',
    model: 'tiny-model',
    outcome: 'succeeded',
    context_messages: 5,
    context_bytes: 2000,
    context_tokens: 500,
    usage_input_tokens: 500,
    usage_output_tokens: 10,
    usage_cost_usd: 0.002,
  })
})

it('counts context and cost of each trajectory', () => {
  const points = eventsOf(lines).filter(({ ph, name }) => ph === 'C' && /context|cost/.test(name))
  expect(points.filter(({ name }) => name === 'run context tokens').map(({ ts, args }) => [inMilliseconds(ts), args])).toEqual([
    [0, { tokens: 1000 }],
    [110, { tokens: 2000 }],
    [140, { tokens: 2100 }],
    [190, { tokens: 300 }],
    [300, { tokens: 400 }],
  ])
  expect(points.filter(({ name }) => name === 'run cost').map(({ args }) => args)).toEqual([{ USD: 0.01 }, { USD: 0.014 }])
  expect(points.filter(({ name }) => name === 'run.child context size').map(({ args }) => args)).toEqual([{ bytes: 2000 }])
  expect(eventsOf(lines, { counters: false }).filter(({ ph }) => ph === 'C')).toEqual([])
})

it('leaves a sum out that JSON has no number for', () => {
  const costly = [0, 1].map((index) => turnLine({ index, from: index * 10, to: index * 10 + 5, tokens: 1, costUsd: 1e308 }))
  expect(eventsOf(costly).filter(({ name }) => name === 'run cost')).toHaveLength(1)
})

it('is read by the engine of the Perfetto UI as it was written, indented too', async () => {
  for (const pretty of [false, true]) {
    const trace = await openTrace(writeTimeline(chromeJsonFormat, lines, { pretty }).bytes)
    expect(judge(trace)).toEqual([])
    expect(trace.slices().filter(({ category }) => category?.startsWith('dynamo.agent.harness'))).toHaveLength(harnessLines.length)
    const [{ value } = { value: 0 }] = trace.query<{ value: number }>(
      "select max(value) value from counter c join track t on c.track_id = t.id where t.name like 'run context tokens%'",
    )
    expect(value).toBe(2100)
  }
})
