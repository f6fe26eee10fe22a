// SPDX-License-Identifier: Apache-2.0
import { judge, openTrace, type OpenTrace } from '@dynamo-agent/trace-processor'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TraceModel } from '../../../src/model/trace-model.ts'
import { writeChromeJson } from '../../../src/write/chrome-json/write-chrome-json.ts'
import type { TimelineOptions } from '../../../src/write/timeline-options.ts'
import { model, request, sampleModel, session, T0, tool, trajectory } from '../sample-model.ts'
import { seededRandom } from '../seeded-random.ts'

const write = (given: TraceModel, options?: TimelineOptions) => [...writeChromeJson(given, options)].join('')

/** Opens a trace that must be a good one. */
async function open(text: string) {
  const trace = await openTrace(Buffer.from(text))
  expect(judge(trace)).toEqual([])
  return trace
}

/** The sample, drawn with all there is. */
let sample: OpenTrace

beforeAll(async () => {
  sample = await open(write(sampleModel()))
})

interface Event {
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly name: string
  readonly cat?: string
  readonly ts: number
  readonly dur?: number
  readonly args?: Record<string, unknown>
}

const events = (text: string) => JSON.parse(text) as Event[]
const toolModel = (...toolCalls: TraceModel['sessions'][number]['trajectories'][number]['toolCalls']) =>
  model([session('a', [trajectory('a', { toolCalls: [...toolCalls] })])])

describe('events', () => {
  it('are what the converter of Dynamo draws of a request', () => {
    const drawn = events(write(sampleModel())).filter(
      ({ tid, ts, ph }) => tid === 4 && ph !== 'f' && ts < T0 * 1000 + 100_000,
    )
    expect(drawn).toEqual([
      {
        ph: 'X',
        pid: 1,
        tid: 4,
        ts: T0 * 1000,
        dur: 100_000,
        name: 'LLM request: tiny-model',
        cat: 'dynamo.llm',
        args: {
          session_id: 'run',
          event_time_unix_ms: T0 + 100,
          request_id: 'request-0-100',
          x_request_id: 'x-1',
          model: 'tiny-model',
          input_tokens: 1000,
          output_tokens: 20,
          cached_tokens: 512,
          request_received_ms: T0,
          ttft_ms: 40,
          total_time_ms: 100,
          avg_itl_ms: 3,
          kv_hit_rate: 0.512,
          queue_depth: 2,
          'worker.prefill_worker_id': '18446744073709551615',
          'worker.prefill_dp_rank': 0,
          'worker.decode_worker_id': '9007199254740993',
          'finish.finish_reason': 'tool_calls',
          'finish.tool_call_count': 2,
          'finish.tool_call_names': 'bash, task',
          'finish.choice_count': 1,
          'finish.choice_finish_reasons': '0:tool_calls',
          finish_reason_metadata: {
            finish_reason: 'tool_calls',
            tool_calls: [
              { choice_index: 0, tool_call_index: 0, id: 'call-bash', name: 'bash' },
              { choice_index: 0, tool_call_index: 1, id: 'call-task', name: 'task' },
            ],
            choices: [{ choice_index: 0, finish_reason: 'tool_calls' }],
          },
        },
      },
      stage('prefill wait', [0, 10_000], { prefill_wait_time_ms: null }),
      stage('prefill', [10_000, 30_000], { prefill_time_ms: null }),
      {
        ph: 'i',
        s: 't',
        pid: 1,
        tid: 4,
        ts: T0 * 1000 + 40_000,
        name: 'first token',
        cat: 'dynamo.llm.marker',
        args: { ttft_ms: 40 },
      },
      stage('decode', [40_000, 60_000], { output_tokens: 20, avg_itl_ms: 3 }),
    ])

    function stage(name: string, [at, dur]: readonly [number, number], facts: object) {
      const args = { request_id: 'request-0-100', x_request_id: 'x-1', model: 'tiny-model', ...facts }
      return { ph: 'X', pid: 1, tid: 4, ts: T0 * 1000 + at, dur, name, cat: 'dynamo.llm.stage', args }
    }
  })

  it('are what the converter of Dynamo draws of a tool call', () => {
    const [drawn] = events(write(toolModel(tool(5, 9, { failed: true })))).filter(({ ph }) => ph === 'X')
    expect(drawn).toEqual({
      ph: 'X',
      pid: 1,
      tid: 2,
      ts: T0 * 1000 + 5000,
      dur: 4000,
      name: 'Tool error: bash',
      cat: 'dynamo.agent.tool',
      args: {
        session_id: 'a',
        event_type: 'tool_error',
        event_source: 'harness',
        tool_call_id: 'call-5-9',
        tool_class: 'bash',
        started_at_unix_ms: T0 + 5,
        ended_at_unix_ms: T0 + 9,
        status: 'succeeded',
        duration_ms: 4,
        output_bytes: 42,
        timing: 'measured',
      },
    })
  })

  it('draw a call of no known length as a millisecond, and say so', () => {
    const [drawn] = events(write(toolModel(tool(5, 5)))).filter(({ ph }) => ph === 'X')
    expect(drawn).toMatchObject({
      dur: 1000,
      args: { synthetic_duration: true, visual_duration_ms: 1, duration_ms: 0 },
    })
  })

  it.each([
    {
      what: 'with a request that got its result',
      edges: true,
      facts: { next_request_id: 'next', duration_ms: 4, ended_at_unix_ms: T0 + 9 },
    },
    { what: 'that was the last thing to happen', edges: false, facts: { duration_unknown: true } },
  ])('tell of an inferred call $what', ({ edges, facts }) => {
    const by = request(0, 5, { requestId: 'asker' })
    const next = request(9, 12, { requestId: 'next' })
    const asked = { by, as: { choiceIndex: 0, toolCallIndex: 0, id: 'call', name: 'bash' } }
    const call = tool(5, 9, { timing: 'inferred', call: { toolCallId: 'call', toolClass: 'bash' }, asked })
    const given = model(
      [session('a', [trajectory('a', { requests: [by, next], toolCalls: [call] })])],
      edges ? [{ kind: 'result', from: call, to: next, provenance: 'inferred' }] : [],
    )
    const [drawn] = events(write(given)).filter(({ cat }) => cat === 'dynamo.agent.tool')
    expect(drawn?.args).toMatchObject({
      event_type: 'inferred_tool_call',
      event_source: 'dynamo',
      source: 'request.finish_reason_metadata.tool_calls',
      inferred: true,
      host_execution: false,
      source_request_id: 'asker',
      started_at_unix_ms: T0 + 5,
      ...facts,
    })
  })

  it('name identity as the rows of their generation do', () => {
    const identities = events(write(sampleModel()))
      .filter(({ cat }) => cat === 'dynamo.llm')
      .map(({ args = {} }) => [args.session_id, args.parent_session_id, args.trajectory_id, args.session_type_id])
    expect(identities).toEqual([
      ['run', undefined, undefined, undefined],
      ['run', undefined, undefined, undefined],
      ['run.child', 'run', undefined, undefined],
      ['run.child.child', 'run.child', undefined, undefined],
      ['run.other', 'run', undefined, undefined],
      ['old run', undefined, 'main', 'pi_coding_agent'],
      [undefined, undefined, undefined, undefined],
      [undefined, undefined, undefined, undefined],
    ])
  })

  it('have integer times', () => {
    const requests = [request(0.1234, 7.98765, { ttftMs: 3.33333 })]
    for (const event of events(write(model([session('a', [trajectory('a', { requests })])])))) {
      if (event.ph === 'M') continue
      expect(Number.isInteger(event.ts) && Number.isInteger(event.dur ?? 0), JSON.stringify(event)).toBe(true)
    }
  })
})

describe('threads', () => {
  it('are the lanes of a trajectory, in a process for each session', () => {
    expect(new Set(sample.slices().map(({ track }) => track))).toEqual(
      new Set([
        'session run › run',
        'session run › run [lane 1] tools',
        'session run › run [lane 2] tools',
        'session run › run.child',
        'session run › run.child tools',
        'session run › run.child.child',
        'session run › run.other',
        'session old run › main',
        'requests without a session › request-only [lane 1]',
        'requests without a session › request-only [lane 2]',
      ]),
    )
  })

  it('have ids that no process has', () => {
    const all = events(write(sampleModel()))
    const pids = new Set(all.map(({ pid }) => pid))
    for (const { ph, tid, name } of all) if (ph !== 'M' || name.startsWith('thread')) expect(pids).not.toContain(tid)
  })

  it('hold nothing that overlaps, however slices are stretched and rounded', async () => {
    const random = seededRandom(3)
    const toolCalls = Array.from({ length: 150 }, (_, index) => {
      const start = random() * 20
      return tool(start, start + Math.max(0, random() * 3 - 1), { id: `call-${index}` })
    })
    const trace = await open(write(toolModel(...toolCalls)))
    expect(trace.slices()).toHaveLength(150)
    expect(trace.slices().every(({ depth }) => depth === 0)).toBe(true)
  })
})

describe('arrows', () => {
  it('are one for each edge, several into one request and out of one tool call', () => {
    const label = ({ name, track }: { name: string | null; track: string }) =>
      `${name ?? ''} on ${track.split(' › ')[1] ?? ''}`
    expect(
      sample
        .flows()
        .map(({ from, to }) => `${label(from)} → ${label(to)}`)
        .sort(),
    ).toEqual([
      'Tool error: bash on run [lane 1] tools → LLM request: tiny-model on run',
      'Tool: task on run [lane 2] tools → LLM request: tiny-model on run',
      'Tool: task on run [lane 2] tools → LLM request: tiny-model on run.child',
      'prefill on run.child → LLM request: tiny-model on run.child.child',
    ])
  })

  it.each([
    { when: 'after its source', at: 8, target: 'LLM request: tiny-model' },
    { when: 'in the same microsecond as its source', at: 10, target: 'prefill wait' },
    { when: 'a fraction of a millisecond before its source', at: 10.85, target: 'prefill' },
    { when: 'before its source by the clock of another machine', at: 13, target: 'decode' },
  ])('to a request that begins $when arrive at "$target"', async ({ at, target }) => {
    const call = tool(at, at)
    const next = request(10, 50, { ttftMs: 5 })
    const given = model(
      [session('a', [trajectory('a', { requests: [next], toolCalls: [call] })])],
      [{ kind: 'result', from: call, to: next, provenance: 'derived' }],
    )
    const trace = await open(write(given))
    expect(trace.flows().map(({ from, to }) => [from.name, to.name])).toEqual([['Tool: bash', target]])
  })

  it('are left out to a request no part of which begins after its source', async () => {
    const call = tool(16, 70)
    const requests = [request(10, 50, { ttftMs: 5 }), request(80, 90)]
    const given = model(
      [session('a', [trajectory('a', { requests, toolCalls: [call] })])],
      [{ kind: 'spawn', from: call, to: requests[0]!, provenance: 'measured' }],
    )
    expect((await open(write(given))).flows()).toEqual([])
  })

  it('leave from a request itself where it is drawn without stages', async () => {
    const trace = await open(write(sampleModel(), { stages: false }))
    expect(trace.flows().map(({ from }) => from.name)).toContain('LLM request: tiny-model')
  })
})

describe('options', () => {
  it.each([
    { options: { stages: false }, missing: ['dynamo.llm.stage'] },
    { options: { markers: false }, missing: ['dynamo.llm.marker'] },
    { options: { flows: false }, missing: ['dynamo.flow'] },
    {
      options: { stages: false, markers: false, flows: false },
      missing: ['dynamo.llm.stage', 'dynamo.llm.marker', 'dynamo.flow'],
    },
  ])('$options leave out $missing and nothing else', async ({ options, missing }) => {
    const some = write(sampleModel(), options)
    await open(some)
    const categories = (text: string) => events(text).map(({ cat }) => cat)
    expect(categories(some)).toEqual(categories(write(sampleModel())).filter((cat) => !missing.includes(cat ?? '')))
  })
})

describe('the file', () => {
  it('is the same each time', () => {
    expect(write(sampleModel())).toBe(write(sampleModel()))
  })

  it('is an array with one event a line', () => {
    const lines = write(sampleModel()).trimEnd().split('\n')
    expect(lines[0]).toBe('[')
    expect(lines.at(-1)).toBe(']')
    for (const line of lines.slice(1, -1)) expect(JSON.parse(line.replace(/,$/, ''))).toHaveProperty('ph')
  })

  it.each([0.35, 0.6, 0.95])('loads when it was cut off after %d of its length', async (part) => {
    const text = write(sampleModel())
    const trace = await openTrace(Buffer.from(text.slice(0, Math.floor(text.length * part))))
    expect(trace.slices().length).toBeGreaterThan(3)
  })

  it('comes in pieces', () => {
    const requests = Array.from({ length: 500 }, (_, index) => request(index * 10, index * 10 + 9))
    const pieces = [...writeChromeJson(model([session('a', [trajectory('a', { requests })])]))]
    expect(pieces.length).toBeGreaterThan(2)
    expect(events(pieces.join(''))).toHaveLength(504)
  })

  it('of an empty model is an empty array', () => {
    expect(events(write(model([])))).toEqual([])
  })
})
