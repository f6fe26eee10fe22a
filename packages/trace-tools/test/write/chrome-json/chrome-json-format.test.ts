// SPDX-License-Identifier: Apache-2.0
import { judge, openTrace, type OpenTrace, type Slice } from '@dynamo-agent/trace-processor'
import { describe, expect, it } from 'vitest'
import { chromeJsonFormat } from '../../../src/write/chrome-json/chrome-json-format.ts'
import type { TimelineOptions } from '../../../src/write/timeline-options.ts'
import { writeTimeline } from '../../support/timeline.ts'
import { askedFor, requestLine, T0, toolCallLine, toolLine } from '../../support/trace-lines.ts'
import { seededRandom } from '../seeded-random.ts'

const write = (lines: readonly string[], options?: TimelineOptions) =>
  writeTimeline(chromeJsonFormat, lines, options).bytes

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

const parse = (json: Uint8Array) => JSON.parse(Buffer.from(json).toString()) as Event[]

/** Slices and instants, of which the threads are left out. */
function drawn(lines: readonly string[], options?: TimelineOptions): Omit<Event, 'pid' | 'tid'>[] {
  return parse(write(lines, options))
    .filter(({ ph }) => ph === 'X' || ph === 'i')
    .map(({ pid: _pid, tid: _tid, ...event }) => event)
}

const ofCategory = (category: string, lines: readonly string[], options?: TimelineOptions) =>
  drawn(lines, options).filter(({ cat }) => cat === category)

/** Opens a trace that must be a good one. */
async function open(lines: readonly string[], options?: TimelineOptions): Promise<OpenTrace> {
  const trace = await openTrace(write(lines, options))
  expect(judge(trace)).toEqual([])
  return trace
}

const us = (ms: number) => Math.round((T0 + ms) * 1000)

/** An agent that calls two tools at once, one of which runs a subagent that has a subagent of its own; and others. */
const sample = [
  requestLine({
    session: 'run',
    at: 0,
    total: 100,
    request: { ttft_ms: 40, prefill_wait_time_ms: 10, prefill_time_ms: 30 },
  }),
  toolCallLine({ session: 'run', from: 110, to: 300, id: 'call-bash' }),
  requestLine({ session: 'run.child', parent: 'run', at: 150, total: 250, request: { ttft_ms: 50 } }),
  requestLine({ session: 'run.child.child', parent: 'run.child', at: 420, total: 80 }),
  requestLine({ session: 'run.other', parent: 'run', at: 500, total: 100 }),
  toolCallLine({ session: 'run', from: 110, to: 900, id: 'call-task', tool: { tool_class: 'task' } }),
  requestLine({ session: 'run', at: 900, total: 100.75, request: { ttft_ms: 10.5 } }),
  requestLine({
    context: { session_type_id: 'pi', session_id: 'old run', trajectory_id: 'main' },
    schema: 'dynamo.agent.trace.v1',
    at: 200,
    total: 60,
  }),
  requestLine({ at: 300, id: 'a' }),
  requestLine({ at: 320, id: 'b' }),
]

describe('a request', () => {
  it('is drawn as the converter of Dynamo draws it', () => {
    const request = {
      x_request_id: 'x-1',
      input_tokens: 1000,
      output_tokens: 20,
      cached_tokens: 512,
      prefill_wait_time_ms: 10.25,
      prefill_time_ms: 20,
      ttft_ms: 40.5,
      avg_itl_ms: 3.1,
      kv_hit_rate: 0.512,
      queue_depth: 2,
      worker: { prefill_dp_rank: 0 },
      finish_reason_metadata: askedFor(['call-1', 'bash'], ['call-2', 'task']),
    }
    const stage = (name: string, [at, dur]: readonly [number, number], facts: object) => ({
      ph: 'X',
      ts: us(0) + at,
      dur,
      cat: 'dynamo.llm.stage',
      name,
      args: { request_id: 'r', x_request_id: 'x-1', model: 'tiny-model', ...facts },
    })
    const lines = [requestLine({ session: 'run', parent: 'root', at: 0, total: 100.125, id: 'r', request })]
    expect(drawn(lines).filter(({ cat }) => cat !== 'dynamo.agent.tool')).toEqual([
      {
        ph: 'X',
        ts: us(0),
        dur: 100_125,
        cat: 'dynamo.llm',
        name: 'LLM request: tiny-model',
        args: {
          session_id: 'run',
          parent_session_id: 'root',
          event_time_unix_ms: T0 + 100,
          request_id: 'r',
          model: 'tiny-model',
          request_received_ms: T0,
          total_time_ms: 100.125,
          ...request,
          worker: undefined,
          'worker.prefill_dp_rank': 0,
          'finish.finish_reason': 'tool_calls',
          'finish.tool_call_count': 2,
          'finish.tool_call_names': 'bash, task',
          'finish.choice_count': 1,
          'finish.choice_finish_reasons': '0:tool_calls',
        },
      },
      stage('prefill wait', [0, 10_250], { prefill_wait_time_ms: 10.25 }),
      stage('prefill', [10_250, 20_000], { prefill_time_ms: 20 }),
      {
        ph: 'i',
        s: 't',
        ts: us(0) + 40_500,
        cat: 'dynamo.llm.marker',
        name: 'first token',
        args: { ttft_ms: 40.5 },
      },
      stage('decode', [40_500, 59_625], { output_tokens: 20, avg_itl_ms: 3.1 }),
    ])
  })

  it.each<[string, Record<string, unknown>, [start: number, length: number]]>([
    [
      'without a time of receipt starts at its event',
      { request_received_ms: undefined, total_time_ms: 20 },
      [50_000, 20_000],
    ],
    ['without a total ends at its event', { total_time_ms: undefined }, [0, 50_000]],
    ['with a negative total ends at its event', { total_time_ms: -3 }, [0, 50_000]],
    ['of no length is a microsecond long', { total_time_ms: 0 }, [0, 1]],
    ['rounds a half to the even microsecond', { total_time_ms: 0.0625 }, [0, 62]],
    ['rounds another half to the even microsecond', { total_time_ms: 0.1875 }, [0, 188]],
  ])('%s', (_name, request, [start, length]) => {
    const [event] = drawn([requestLine({ session: 'a', at: 0, total: 50, request })])
    expect(event).toMatchObject({ ts: us(0) + start, dur: length })
  })

  it.each<[string, Record<string, unknown>, [string, number, number][]]>([
    [
      'no time to first token: no decode',
      { prefill_wait_time_ms: 10, prefill_time_ms: 20 },
      [
        ['prefill wait', 0, 10_000],
        ['prefill', 10_000, 20_000],
      ],
    ],
    [
      'stages that are longer than the request',
      { prefill_wait_time_ms: 60, prefill_time_ms: 20 },
      [['prefill wait', 0, 50_000]],
    ],
    [
      'stages beyond the first token',
      { prefill_wait_time_ms: 10, prefill_time_ms: 20, ttft_ms: 15 },
      [
        ['prefill wait', 0, 10_000],
        ['prefill', 10_000, 5000],
        ['decode', 15_000, 35_000],
      ],
    ],
    ['a first token after the end', { prefill_time_ms: 20, ttft_ms: 70 }, [['prefill', 0, 20_000]]],
    ['a first token before the start', { prefill_time_ms: 20, ttft_ms: -5 }, [['decode', 0, 50_000]]],
    [
      'stages shorter than half a microsecond',
      { prefill_wait_time_ms: 0.0004, prefill_time_ms: 0.0006 },
      [['prefill', 0, 1]],
    ],
  ])('has the stages that its times allow: %s', (_name, request, expected) => {
    const stages = ofCategory('dynamo.llm.stage', [requestLine({ session: 'a', at: 0, total: 50, request })])
    expect(stages.map(({ name, ts, dur }) => [name, ts - us(0), dur])).toEqual(expected)
  })

  it('tells who asked by the names of its own generation', () => {
    const identities = ofCategory('dynamo.llm', sample).map(({ args = {} }) => [
      args.session_id,
      args.parent_session_id,
      args.trajectory_id,
      args.session_type_id,
    ])
    expect(identities).toEqual(
      expect.arrayContaining([
        ['run', undefined, undefined, undefined],
        ['run.child', 'run', undefined, undefined],
        ['old run', undefined, 'main', 'pi'],
        [undefined, undefined, undefined, undefined],
      ]),
    )
  })

  it('marks the end of its session', () => {
    const context = { session_id: 'a', session_final: true }
    const lines = [requestLine({ context, at: 0 }), requestLine({ session: 'a', at: 60 })]
    expect(ofCategory('dynamo.agent.session', lines)).toEqual([
      { ph: 'i', s: 't', ts: us(50), cat: 'dynamo.agent.session', name: 'session end', args: {} },
    ])
    expect(ofCategory('dynamo.llm', lines).map(({ args }) => args?.session_final)).toEqual([true, undefined])
  })

  it('has worker ids that engines keep: numbers up to 2^63, texts beyond', async () => {
    const ids = ['12', '9007199254740993', '9223372036854775807', '9223372036854775808', '18446744073709551615']
    const lines = ids.map((id, index) =>
      requestLine({ session: 'a', at: index * 100, request: { worker: { decode_worker_id: 0 } } }).replace(
        '"decode_worker_id":0',
        `"decode_worker_id":${id}`,
      ),
    )
    const slices = (await open(lines)).slices({ category: 'dynamo.llm' })
    expect(slices.map(({ args }) => String(args['worker.decode_worker_id']))).toEqual(ids)
  })
})

describe('a tool call', () => {
  const times = { started_at_unix_ms: T0 + 5, ended_at_unix_ms: T0 + 9, duration_ms: 4 }

  it('is drawn as the converter of Dynamo draws it', () => {
    const tool = { ...times, status: 'error', output_bytes: 42, error_type: 'Timeout', tool_name_hash: 'ab' }
    expect(drawn([toolLine('tool_error', { session: 'a', eventTime: 10, tool })])).toEqual([
      {
        ph: 'X',
        ts: us(5),
        dur: 4000,
        cat: 'dynamo.agent.tool',
        name: 'Tool error: bash',
        args: {
          session_id: 'a',
          event_type: 'tool_error',
          event_source: 'harness',
          event_time_unix_ms: T0 + 10,
          tool_call_id: 'call-1',
          tool_class: 'bash',
          ...tool,
          timing: 'measured',
        },
      },
    ])
  })

  it.each<[string, Record<string, unknown>, [start: number, length: number]]>([
    ['start and duration', { started_at_unix_ms: T0 + 5, duration_ms: 4.2504 }, [5000, 4250]],
    ['end and duration', { ended_at_unix_ms: T0 + 9, duration_ms: 4.2506 }, [4749, 4251]],
    ['event time and duration', { duration_ms: 3 }, [17_000, 3000]],
  ])('is drawn by %s where the row tells no more', (_name, tool, [start, length]) => {
    const [event] = drawn([toolLine('tool_end', { session: 'a', eventTime: 20, tool })])
    expect(event).toMatchObject({ ts: us(0) + start, dur: length })
  })

  it('is drawn from its start row to its end row where these tell no more', () => {
    const lines = [
      toolLine('tool_start', { session: 'a', eventTime: 3 }),
      toolLine('tool_end', { session: 'a', eventTime: 8 }),
    ]
    expect(drawn(lines)).toMatchObject([{ ph: 'X', ts: us(3), dur: 5000, args: { timing: 'paired' } }])
  })

  it('of no known length is drawn as a millisecond, and says so', () => {
    const [event] = drawn([toolCallLine({ session: 'a', from: 5, to: 5 })])
    expect(event).toMatchObject({
      ts: us(5),
      dur: 1000,
      args: { synthetic_duration: true, visual_duration_ms: 1, duration_ms: 0 },
    })
  })

  it('that never ended is marked at its start and drawn up to the end of its trajectory', () => {
    const start = { eventTime: 3, tool: { started_at_unix_ms: T0 + 3, status: 'running' } }
    const args = { session_id: 'a', event_type: 'tool_start', tool_call_id: 'call-1', status: 'running' }
    expect(
      drawn([toolLine('tool_start', { session: 'a', ...start }), requestLine({ session: 'a', at: 10 })]).filter(
        ({ name }) => name.startsWith('Tool'),
      ),
    ).toMatchObject([
      { ph: 'i', ts: us(3), cat: 'dynamo.agent.tool.marker', name: 'Tool start: bash', args },
      {
        ph: 'X',
        ts: us(3),
        dur: 57_000,
        cat: 'dynamo.agent.tool',
        name: 'Tool: bash',
        args: { ...args, timing: 'unended' },
      },
    ])
  })

  it('without identity is drawn too', () => {
    expect(drawn([toolCallLine({ from: 5, to: 9 })])).toMatchObject([{ ts: us(5), dur: 4000, name: 'Tool: bash' }])
  })
})

describe('a tool call that nobody reported', () => {
  const asked = (total: number, call: readonly [id: string | undefined, name: string | undefined]) =>
    requestLine({
      session: 'a',
      parent: 'p',
      at: 0,
      total,
      id: 'asker',
      request: { finish_reason_metadata: askedFor(call) },
    })
  const known = {
    session_id: 'a',
    parent_session_id: 'p',
    event_type: 'inferred_tool_call',
    event_source: 'dynamo',
    source: 'request.finish_reason_metadata.tool_calls',
    inferred: true,
    host_execution: false,
    source_request_id: 'asker',
    tool_call_id: 'call-9',
    tool_call_index: 0,
    choice_index: 0,
    tool_class: 'bash',
    timing: 'inferred',
  }

  it('is drawn up to the next request', () => {
    const lines = [asked(5.0006, ['call-9', 'bash']), requestLine({ session: 'a', parent: 'p', at: 9, id: 'next' })]
    expect(ofCategory('dynamo.agent.tool', lines)).toEqual([
      {
        ph: 'X',
        ts: us(5) + 1,
        dur: 3999,
        cat: 'dynamo.agent.tool',
        name: 'Tool: bash',
        args: {
          ...known,
          started_at_unix_ms: T0 + 5.001,
          ended_at_unix_ms: T0 + 9,
          duration_ms: 3.999,
          next_request_id: 'next',
        },
      },
    ])
  })

  it('begins where its request is drawn to end, whatever else ended in that moment', () => {
    const lines = [requestLine({ session: 'a', parent: 'p', at: -50, id: 'before' }), asked(0, ['call-9', 'bash'])]
    expect(ofCategory('dynamo.agent.tool', lines)).toMatchObject([{ ts: us(0) + 1 }])
  })

  it.each([
    { when: 'there is no next request', next: [], facts: {} },
    {
      when: 'the next request began before',
      next: [requestLine({ session: 'a', parent: 'p', at: 3, total: 20, id: 'next' })],
      facts: { overlapping_request_id: 'next' },
    },
  ])('is a millisecond long when $when', ({ next, facts }) => {
    const unknown = { duration_unknown: true, synthetic_duration: true, visual_duration_ms: 1 }
    expect(ofCategory('dynamo.agent.tool', [asked(5, ['call-9', 'bash']), ...next])).toMatchObject([
      { ts: us(5), dur: 1000, args: { ...known, ...unknown, started_at_unix_ms: T0 + 5, ...facts } },
    ])
  })

  it('may have neither name nor id', () => {
    const [event] = ofCategory('dynamo.agent.tool', [asked(5, [undefined, undefined])])
    expect(event).toMatchObject({ name: 'Tool: unknown-tool', args: { tool_class: 'unknown-tool' } })
    expect(event?.args).not.toHaveProperty('tool_call_id')
  })
})

describe('threads', () => {
  it('are the lanes of a trajectory, in a process for each session', async () => {
    const trace = await open(sample)
    const tracks = trace.slices({ category: 'dynamo.llm' }).concat(trace.slices({ category: 'dynamo.agent.tool' }))
    expect(new Set(tracks.map(({ track }) => track))).toEqual(
      new Set([
        'session run › run',
        'session run › run [lane 1] tools',
        'session run › run [lane 2] tools',
        'session run › run.child',
        'session run › run.child.child',
        'session run › run.other',
        'session old run › main',
        'requests without a session › request-only [lane 1]',
        'requests without a session › request-only [lane 2]',
      ]),
    )
  })

  it('have a name where their session has none', async () => {
    const trace = await open([requestLine({ session: '', at: 0 })])
    expect(trace.slices().map(({ track }) => track)).toEqual([expect.stringMatching(/unknown-session$/)])
  })

  it('stand in the order of the tree, whatever the order of rows', () => {
    const events = parse(write(sample.toReversed()))
    const names = new Map(events.filter(({ name }) => name === 'thread_name').map(({ tid, args }) => [tid, args?.name]))
    const session = events.find(({ args }) => args?.name === 'run')?.pid
    const order = events
      .filter(({ name, pid }) => name === 'thread_sort_index' && pid === session)
      .sort((a, b) => Number(a.args?.sort_index) - Number(b.args?.sort_index))
    expect(order.map(({ tid }) => names.get(tid))).toEqual([
      'run',
      'run [lane 1] tools',
      'run [lane 2] tools',
      'run.child',
      'run.child.child',
      'run.other',
    ])
  })

  it('have ids that no process has', () => {
    const events = parse(write(sample))
    const pids = new Set(events.map(({ pid }) => pid))
    for (const { tid } of events) expect(pids).not.toContain(tid)
  })

  it('hold nothing that overlaps, however slices are stretched and rounded', async () => {
    const random = seededRandom(3)
    const lines = Array.from({ length: 150 }, (_, index) => {
      const from = Math.floor(random() * 20)
      const to = from + Math.max(0, Math.floor(random() * 5 - 2))
      return toolCallLine({ session: 'a', from, to, id: `call-${index}` })
    })
    const slices = (await open(lines)).slices()
    expect(slices).toHaveLength(150)
    expect(slices.every(({ depth }) => depth === 0)).toBe(true)
  })
})

describe('arrows', () => {
  it('are one for each edge, several into one request and out of one tool call', async () => {
    const label = ({ name, track }: Slice) => `${name ?? ''} on ${track.split(' › ')[1] ?? ''}`
    const arrows = (await open(sample)).flows().map(({ from, to }) => `${label(from)} → ${label(to)}`)
    expect(arrows.sort()).toEqual([
      'LLM request: tiny-model on run.child → LLM request: tiny-model on run.child.child',
      'Tool: bash on run [lane 1] tools → LLM request: tiny-model on run',
      'Tool: task on run [lane 2] tools → LLM request: tiny-model on run',
      'Tool: task on run [lane 2] tools → LLM request: tiny-model on run.child',
      'Tool: task on run [lane 2] tools → LLM request: tiny-model on run.other',
    ])
  })

  it.each([
    { when: 'after the call', to: 8, at: 10 },
    { when: 'when the call ends', to: 10, at: 10 },
    { when: 'within the millisecond in which the call ends', to: 10.75, at: 10 },
    { when: 'together with a call of no length', to: 5, at: 5, target: 'prefill wait' },
  ])('arrive at a request that begins $when', async ({ to, at, target = 'LLM request: tiny-model' }) => {
    const lines = [
      toolCallLine({ session: 'a', from: 5, to: 5, tool: { ended_at_unix_ms: undefined, duration_ms: to - 5 } }),
      requestLine({ session: 'a', at, request: { prefill_wait_time_ms: 4 } }),
    ]
    expect((await open(lines)).flows().map(({ from, to }) => [from.name, to.name])).toEqual([['Tool: bash', target]])
  })

  it('leave a call that began in the millisecond of the trajectory that it started', async () => {
    const lines = [
      requestLine({ session: 'a', at: 0, total: 3 }),
      requestLine({ session: 'a.1', parent: 'a', at: 5, total: 10, request: { prefill_wait_time_ms: 4 } }),
      toolCallLine({ session: 'a', from: 5, to: 20, tool: { tool_class: 'task' } }),
    ]
    const flows = (await open(lines)).flows()
    expect(flows.map(({ from, to }) => [from.name, to.name])).toEqual([['Tool: task', 'prefill wait']])
  })

  it('leave the mark of a call that was asked for, started and never ended', async () => {
    const lines = [
      requestLine({ session: 'a', at: 0, total: 3, request: { finish_reason_metadata: askedFor(['call-1', 'task']) } }),
      toolLine('tool_start', { session: 'a', eventTime: 4 }),
      requestLine({ session: 'a.1', parent: 'a', at: 5, total: 10 }),
      requestLine({ session: 'a', at: 30, total: 3 }),
    ]
    const { edges } = writeTimeline(chromeJsonFormat, lines)
    const flows = (await open(lines)).flows()
    expect(flows).toHaveLength(edges)
    expect(flows.map(({ to }) => to.track)).toContain('session a › a.1')
  })
})

describe('arrows to a trajectory that is told late', () => {
  it('leave the call that was over by then', async () => {
    const lines = [
      toolCallLine({ session: 'a', from: 0, to: 20, id: 'call-tasks', tool: { tool_class: 'task' } }),
      toolCallLine({ session: 'a', from: 30, to: 40 }),
      requestLine({ session: 'a:call-tasks', parent: 'a', at: 5, total: 100 }),
    ]
    expect((await open(lines)).flows().map(({ from, to }) => [from.name, to.track])).toEqual([
      ['Tool: task', 'session a › a:call-tasks'],
    ])
  })
})

describe('options', () => {
  const everything = [...sample, requestLine({ context: { session_id: 'run', session_final: true }, at: 2000 })]

  it.each<{ options: TimelineOptions; missing: RegExp }>([
    { options: { stages: false }, missing: /^dynamo\.llm\.stage$/ },
    { options: { markers: false }, missing: /^dynamo\.llm\.marker$/ },
    { options: { flows: false }, missing: /^dynamo\.flow$/ },
    { options: { stages: false, markers: false, flows: false }, missing: /stage|marker|flow/ },
  ])('$options leave out what they say and nothing else', ({ options, missing }) => {
    const categories = (json: Buffer) => parse(json).map(({ cat = '' }) => cat)
    const all = categories(write(everything))
    expect(all.some((category) => missing.test(category))).toBe(true)
    expect(categories(write(everything, options))).toEqual(all.filter((category) => !missing.test(category)))
  })

  it('leave out counters', () => {
    expect(parse(write(sample)).some(({ ph }) => ph === 'C')).toBe(true)
    expect(parse(write(sample, { counters: false })).some(({ ph }) => ph === 'C')).toBe(false)
  })

  it('tell the ids and figures that most questions need, and no more', () => {
    const finish = { finish_reason_metadata: askedFor() }
    const request = { x_request_id: 'x', output_tokens: 7, ttft_ms: 5.5, kv_hit_rate: 0.5, ...finish }
    const lines = [requestLine({ session: 'a', at: 0, id: 'r', request })]
    expect(drawn(lines, { args: 'minimal' }).map(({ name, args }) => [name, args])).toEqual([
      [
        'LLM request: tiny-model',
        expect.objectContaining({ session_id: 'a', request_id: 'r', output_tokens: 7, ttft_ms: 5.5 }),
      ],
      ['first token', { ttft_ms: 5.5 }],
      ['decode', {}],
    ])
    const [slice] = drawn(lines, { args: 'minimal' })
    for (const name of ['x_request_id', 'model', 'kv_hit_rate', 'finish_reason_metadata']) {
      expect(slice?.args).not.toHaveProperty(name)
    }
  })

  it('give stages threads of their own', async () => {
    const slices = (await open(sample, { separateStageTracks: true })).slices({ category: 'dynamo.llm.stage' })
    expect(new Set(slices.map(({ track }) => track))).toEqual(
      new Set(['session run › run stages', 'session run › run.child stages']),
    )
  })

  it('sort requests by worker', async () => {
    const served = (worker: object, at: number) => requestLine({ session: 'a', at, total: 50, request: { worker } })
    const lines = [
      served({ decode_worker_id: 12 }, 0),
      served({ prefill_worker_id: 7 }, 10),
      served({ prefill_worker_id: 7, decode_worker_id: 12 }, 20),
      served({}, 30),
      toolCallLine({ session: 'a', from: 80, to: 90 }),
    ]
    expect(new Set((await open(lines, { by: 'worker' })).slices().map(({ track }) => track))).toEqual(
      new Set([
        'worker 12 › worker 12 [lane 1]',
        'worker 12 › worker 12 [lane 2]',
        'worker 7 › worker 7',
        'unknown worker › unknown worker',
        'session a › a tools',
      ]),
    )
  })

  it('indent the text, and change nothing else', () => {
    const pretty = write(sample, { pretty: true }).toString()
    const integers = pretty.replace(/(\d)\.0(,?)$/gm, '$1$2')
    expect(integers).toBe(`${JSON.stringify(parse(write(sample)), null, 2)}\n`)
  })
})

describe('the file', () => {
  const long = Array.from({ length: 1500 }, (_, index) =>
    requestLine({ session: 'a', at: index * 100, request: { ttft_ms: 9 } }),
  )

  it('is the same each time', () => {
    expect(write(sample).equals(write(sample))).toBe(true)
  })

  it('is an array with one event a line', () => {
    const lines = write(sample).toString().trimEnd().split('\n')
    expect(lines[0]).toBe('[')
    expect(lines.at(-1)).toBe(']')
    for (const line of lines.slice(1, -1)) expect(JSON.parse(line.replace(/,$/, ''))).toHaveProperty('ph')
  })

  it.each([0.35, 0.6, 0.95])('loads with its names when it was cut off after %d of its length', async (part) => {
    const json = write(long)
    const slices = (await openTrace(json.subarray(0, Math.floor(json.length * part)))).slices()
    expect(slices.length).toBeGreaterThan(3)
    expect(new Set(slices.map(({ track }) => track))).toEqual(new Set(['session a › a']))
  })

  it('comes in pieces', () => {
    const { bytes, pieces } = writeTimeline(chromeJsonFormat, long)
    expect(pieces).toBeGreaterThan(3)
    expect(parse(bytes).filter(({ cat }) => cat === 'dynamo.llm')).toHaveLength(1500)
  })

  it.each([{ pretty: false }, { pretty: true }])('of an empty trace is an empty array (%o)', (options) => {
    expect(parse(write([], options))).toEqual([])
  })
})

describe('what a row may contain', () => {
  const texts = [
    '__proto__',
    'constructor',
    '<script>alert(1)</script>',
    'quote " backslash \\ slash /',
    '\u0000\u0001\u001b[31m\u007f\u2028',
    'naïve 漢字 🙂',
    '\ud800 alone \udc00',
    '',
    'x'.repeat(5000),
  ]

  it.each(texts)('%j gives valid JSON that says the same', (text) => {
    const lines = [
      requestLine({
        session: text,
        parent: `${text}p`,
        at: 0,
        id: text,
        request: { model: text, finish_reason_metadata: askedFor([text, text]) },
      }),
      toolCallLine({ session: text, from: 60, to: 70, id: `${text}2`, tool: { tool_class: text, error_type: text } }),
      requestLine({ session: text, at: 100 }),
    ]
    const said = Buffer.from(text).toString()
    const events = parse(write(lines))
    const find = (category: string) => events.find(({ cat }) => cat === category)
    expect(find('dynamo.llm')).toMatchObject({
      name: `LLM request: ${said === '' ? 'unknown-model' : said}`,
      args: { session_id: said, request_id: said },
    })
    expect(find('dynamo.agent.tool')?.name).toBe(`Tool: ${said === '' ? 'unknown-tool' : said}`)
  })

  it.each([
    ['a name', { model: '|' }],
    ['how it finished', { finish_reason_metadata: { finish_reason: '|' } }],
  ])('is replaced where it is no UTF-8: in %s', (_name, request) => {
    const [before = '', after = ''] = requestLine({ session: 'a', at: 0, request }).split('|')
    for (const broken of [[0xff], [0x61, 0xff, 0xc3], [0xed, 0xa0, 0x80]]) {
      const line = Buffer.concat([Buffer.from(before), Buffer.from(broken), Buffer.from(after)])
      const { bytes } = writeTimeline(chromeJsonFormat, [line])
      expect(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toContain('\ufffd"')
      expect(parse(bytes)).toBeInstanceOf(Array)
    }
  })

  const numbers = [Number.MAX_VALUE, 1e21, 5e-324, -1, 2 ** 64, 253_402_300_799_999, 1e-7]

  it.each(numbers)('may be the number %d anywhere', async (number) => {
    const lines = [
      requestLine({ session: 'a', at: 0, request: { input_tokens: number, ttft_ms: number, kv_hit_rate: number } }),
      requestLine({ session: 'a', at: 0, request: { request_received_ms: number, total_time_ms: number } }),
      toolCallLine({ session: 'a', from: 0, to: 5, tool: { duration_ms: number, started_at_unix_ms: number } }),
    ]
    for (const event of parse(write(lines))) {
      if (event.ph === 'M') continue
      const isWhole = Number.isSafeInteger(event.ts) && Number.isInteger(event.dur ?? 0)
      expect(isWhole, JSON.stringify(event)).toBe(true)
    }
    expect(ofCategory('dynamo.llm', lines)[0]?.args).toMatchObject({ input_tokens: number, kv_hit_rate: number })
    await openTrace(write(lines))
  })
})
