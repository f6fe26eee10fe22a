// SPDX-License-Identifier: Apache-2.0
import { judge, openTrace, type OpenTrace, type Slice } from '@dynamo-agent/trace-processor'
import { beforeAll, describe, expect, it } from 'vitest'
import { perfettoFormat } from '../../../src/write/perfetto/perfetto-format.ts'
import type { TimelineOptions } from '../../../src/write/timeline-options.ts'
import { writeTimeline } from '../../support/timeline.ts'
import { askedFor, requestLine, T0, toolCallLine, toolLine } from '../../support/trace-lines.ts'
import { seededRandom } from '../seeded-random.ts'

const write = (lines: readonly string[], options?: TimelineOptions) => writeTimeline(perfettoFormat, lines, options).bytes

/** Opens the timeline of lines, which must be a good one. */
async function open(lines: readonly string[], options?: TimelineOptions): Promise<OpenTrace> {
  const trace = await openTrace(write(lines, options))
  expect(judge(trace)).toEqual([])
  return trace
}

const nanoseconds = (ms: number) => BigInt(T0) * 1_000_000n + BigInt(Math.round(ms * 1e6))
const tree = (trace: OpenTrace) => trace.trackTree().map(({ depth, name }) => `${'  '.repeat(depth)}${name ?? ''}`)
const times = ({ name, ts, dur }: Slice) => [name, ts, dur]

/**
 * Three sessions. In the first an agent calls two tools at once, one of which
 * runs a subagent, which has a subagent of its own and starts something that
 * it never ends.
 */
const sampleLines = [
  requestLine({
    session: 'run',
    at: 0,
    total: 100,
    request: {
      x_request_id: 'x-1',
      input_tokens: 1000,
      output_tokens: 20,
      cached_tokens: 512,
      prefill_wait_time_ms: 10,
      prefill_time_ms: 30,
      ttft_ms: 40,
      avg_itl_ms: 3,
      kv_hit_rate: 0.512,
      kv_transfer_estimated_latency_ms: 1.5,
      queue_depth: 2,
      worker: { prefill_worker_id: 1, prefill_dp_rank: 0, decode_worker_id: 2, decode_dp_rank: 1 },
      replay: { trace_block_size: 512, input_length: 1000, input_sequence_hashes: [1, 2] },
      finish_reason_metadata: askedFor(['call-bash', 'bash'], ['call-task', 'task']),
    },
  })
    .replace('"prefill_worker_id":1', '"prefill_worker_id":18446744073709551615')
    .replace('"decode_worker_id":2', '"decode_worker_id":9007199254740993'),
  toolLine('tool_start', { session: 'run.child', parent: 'run', eventTime: 200, tool: { tool_call_id: 'call-lost', tool_class: 'watch' } }),
  requestLine({ context: { session_type_id: 'pi', session_id: 'old run', trajectory_id: 'main' }, schema: 'dynamo.agent.trace.v1', at: 200, total: 60 }),
  toolLine('tool_error', {
    session: 'run',
    eventTime: 301,
    tool: { tool_call_id: 'call-bash', started_at_unix_ms: T0 + 110, ended_at_unix_ms: T0 + 300, status: 'timeout', output_bytes: 42, error_type: 'Slow' },
  }),
  requestLine({ at: 300, id: 'a' }),
  requestLine({ at: 320, id: 'b' }),
  requestLine({ session: 'run.child', parent: 'run', at: 150, total: 250, request: { ttft_ms: 50 } }),
  requestLine({ session: 'run.child.child', parent: 'run.child', at: 420, total: 80 }),
  requestLine({ session: 'run.other', parent: 'run', at: 500, total: 100 }),
  toolCallLine({ session: 'run', from: 110, to: 900, id: 'call-task', tool: { tool_class: 'task' } }),
  requestLine({ session: 'run', at: 900, total: 100.75, request: { ttft_ms: 10.5, queue_depth: 0 } }),
]

/** The sample, drawn with all there is. */
let sample: OpenTrace

beforeAll(async () => {
  sample = await open(sampleLines)
}, 60_000)

describe('the track tree', () => {
  it('nests sessions, trajectories and lanes, a child below its parent', () => {
    expect(tree(sample)).toEqual([
      'Dynamo trace',
      '  LLM requests in flight',
      '  tool calls in flight',
      '  router queue depth',
      '  input tokens',
      '  cached tokens',
      '  output tokens',
      '  KV hit rate',
      '  session run',
      '    trajectory run',
      '      LLM',
      '      tools',
      '      tools 2',
      '      trajectory run.child',
      '        LLM',
      '        tools',
      '        trajectory run.child.child',
      '          LLM',
      '      trajectory run.other',
      '        LLM',
      '  session old run',
      '    trajectory main',
      '      LLM',
      '  requests without a session',
      '    LLM',
      '    LLM 2',
    ])
  })

  it('describes sessions and trajectories', () => {
    const descriptions = sample.trackTree().flatMap(({ name, description }) => (description ? [[name, description]] : []))
    expect(descriptions).toEqual([
      ['trajectory run', '2 LLM requests, 2 tool calls'],
      ['trajectory run.child', '1 LLM requests, 1 tool calls'],
      ['trajectory run.child.child', '1 LLM requests, 0 tool calls'],
      ['trajectory run.other', '1 LLM requests, 0 tool calls'],
      ['session old run', 'session type pi'],
      ['trajectory main', '1 LLM requests, 0 tool calls'],
    ])
  })

  it('is in order of starts where names and rows are in another', async () => {
    const lines = ['z', 'm', 'a'].map((session, index) => requestLine({ session, at: index, total: 90 - index }))
    const trace = await open(lines.toReversed(), { counters: false })
    expect(tree(trace).filter((name) => name.includes('session'))).toEqual(['  session z', '  session m', '  session a'])
  })

  it('nests a child whose rows come before those of its parent', async () => {
    const trace = await open([
      requestLine({ session: 'run.child', parent: 'run', at: 10, total: 5 }),
      requestLine({ session: 'run', at: 0, total: 30 }),
    ])
    expect(trace.slices({ category: 'dynamo.llm' }).map(({ track }) => track)).toEqual([
      'Dynamo trace › session run › trajectory run › LLM',
      'Dynamo trace › session run › trajectory run › trajectory run.child › LLM',
    ])
  })

  it('keeps trajectories apart that share an id in different sessions', async () => {
    const lines = ['a', 'b'].map((session_id) =>
      requestLine({ context: { session_type_id: 't', session_id, trajectory_id: 'main' }, schema: 'dynamo.agent.trace.v1', at: 0 }),
    )
    expect((await open(lines)).slices({ category: 'dynamo.llm' }).map(({ track }) => track)).toEqual([
      'Dynamo trace › session a › trajectory main › LLM',
      'Dynamo trace › session b › trajectory main › LLM',
    ])
  })

  it('hangs a trajectory whose parent has no rows on its session', async () => {
    const trace = await open([requestLine({ session: 'child', parent: 'gone', at: 0 })])
    expect(trace.slices({ category: 'dynamo.llm' })[0]?.track).toBe('Dynamo trace › session gone › trajectory child › LLM')
  })

  it('sorts requests by the worker that served them, if it is told to', async () => {
    const served = (at: number, worker: object | undefined, session = 'a') =>
      requestLine({ session, at, total: 30, request: { worker } })
    const trace = await open(
      [
        served(0, { decode_worker_id: 7, prefill_worker_id: 1 }),
        served(5, { decode_worker_id: 7 }, 'b'),
        served(10, { prefill_worker_id: 1 }, 'c'),
        served(20, undefined, 'd'),
        toolCallLine({ session: 'a', from: 40, to: 50 }),
      ],
      { by: 'worker', counters: false },
    )
    expect(tree(trace)).toEqual([
      'Dynamo trace',
      '  Workers',
      '    worker 7',
      '      LLM',
      '      LLM 2',
      '    worker 1',
      '      LLM',
      '    requests without a worker',
      '      LLM',
      '  session a',
      '    trajectory a',
      '      tools',
    ])
  })
})

describe('slices', () => {
  it('draw a request with its stages inside', async () => {
    const request = { prefill_wait_time_ms: 10.125, prefill_time_ms: 30.375, ttft_ms: 40.5 }
    const trace = await open([requestLine({ session: 'a', at: 0.25, total: 100.5, request })])
    expect(trace.slices().map(({ name, category, ts, dur, depth }) => [name, category, ts, dur, depth])).toEqual([
      ['LLM request: tiny-model', 'dynamo.llm', nanoseconds(0.25), 100_500_000, 0],
      ['prefill wait', 'dynamo.llm.stage', nanoseconds(0.25), 10_125_000, 1],
      ['prefill', 'dynamo.llm.stage', nanoseconds(10.375), 30_375_000, 1],
      ['first token', 'dynamo.llm.marker', nanoseconds(40.75), 0, 1],
      ['decode', 'dynamo.llm.stage', nanoseconds(40.75), 60_000_000, 1],
    ])
  })

  it('draw the parts that a request has', async () => {
    const cases: readonly (readonly [name: string, request: object, parts: readonly string[]])[] = [
      ['no stages are known', {}, []],
      ['the first token came at once', { ttft_ms: 0 }, ['first token', 'decode']],
      ['the first token was the last', { prefill_time_ms: 50, ttft_ms: 50 }, ['prefill', 'first token']],
      ['no time to first token', { prefill_wait_time_ms: 5, prefill_time_ms: 9 }, ['prefill wait', 'prefill']],
      ['a prefill longer than the request', { prefill_time_ms: 500, ttft_ms: 20 }, ['prefill', 'first token', 'decode']],
    ]
    const trace = await open(cases.map(([session, request]) => requestLine({ session, at: 0, total: 50, request })))
    for (const [session, , parts] of cases) {
      const drawn = trace.slices().filter(({ track }) => track.includes(`session ${session} `))
      expect(drawn.map(({ name }) => name)).toEqual(['LLM request: tiny-model', ...parts])
    }
  })

  it('are named after models and tools', async () => {
    const trace = await open([
      requestLine({ session: 'a', at: 0, request: { model: undefined } }),
      requestLine({ session: 'a', at: 60, request: { model: 'größer' } }),
      requestLine({ session: 'a', at: 120, request: { finish_reason_metadata: askedFor(['call', undefined]) } }),
      toolLine('tool_error', { session: 'a', eventTime: 200, tool: { tool_call_id: 'failed', duration_ms: 3 } }),
    ])
    expect(trace.slices().map(({ name }) => name)).toEqual([
      'LLM request: unknown-model',
      'LLM request: größer',
      'LLM request: tiny-model',
      'Tool: unknown-tool',
      'Tool error: bash',
    ])
  })

  it('are paired when they touch, overlap, repeat and have no length, for which a millisecond stands', async () => {
    const spans = [[0, 5], [5, 5], [5, 9], [3, 9], [0, 0], [4, 4], [4, 4], [9, 9]] as const // prettier-ignore
    const lines = spans.map(([from, to], index) => toolCallLine({ session: 'a', from, to, id: `call-${index}` }))
    const drawn = (await open(lines)).slices().map(({ args, ts, dur }) => [args.tool_call_id, ts, dur])
    const expected = spans.map(([from, to], index) => [`call-${index}`, nanoseconds(from), (to - from || 1) * 1e6])
    expect(drawn).toHaveLength(spans.length)
    expect(drawn).toEqual(expect.arrayContaining(expected))
  })

  it('are paired at random fractions of a millisecond, in whatever order rows come', async () => {
    const random = seededRandom(11)
    const lengths = Array.from({ length: 200 }, () => [Math.floor(random() * 20), random() * 3] as const)
    const lines = lengths.map(([at, total], index) => requestLine({ session: 'a', at, total, id: `request-${index}` }))
    const drawn = new Map((await open(lines)).slices().map(({ args, ts, dur }) => [args.request_id, [ts, dur]]))
    for (const [index, [at, total]] of lengths.entries()) {
      const [ts, dur] = drawn.get(`request-${index}`) ?? []
      expect(ts).toBe(nanoseconds(at))
      // Next to an epoch time a double has a quarter of a microsecond.
      expect(Math.abs(Number(dur) - total * 1e6)).toBeLessThan(250)
    }
  })

  it('take as few lanes as overlap at once', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => toolCallLine({ session: 'a', from: index * 4, to: index * 4 + 10 }))
    const tracks = new Set((await open(lines)).slices().map(({ track }) => track.split(' › ').at(-1)))
    expect(tracks).toEqual(new Set(['tools', 'tools 2', 'tools 3']))
  })

  it.each([0.998, 0.9985, 0.999, 0.99925, 0.9995, 0.99975, 1, 1.5])(
    'say that a length is made up where it is: a call that nobody reported from %d ms to 1 ms',
    async (total) => {
      const asks = { finish_reason_metadata: askedFor(['call-1', 'task']) }
      const lines = [requestLine({ session: 'a', at: 0, total, request: asks }), requestLine({ session: 'a', at: 1 })]
      const [call] = (await open(lines)).slices().filter(({ name }) => name === 'Tool: task')
      expect(call?.args.synthetic_duration !== undefined).toBe(call?.dur === 1_000_000)
    },
  )

  it('close a tool call that never ended at the end of its trajectory, and mark its start', () => {
    const lost = sample.slices().filter(({ args }) => args.tool_call_id === 'call-lost')
    expect(lost.map(({ name, category, ts, dur, args }) => [name, category, ts, dur, args.timing])).toEqual([
      ['Tool start: watch', 'dynamo.agent.tool.marker', nanoseconds(200), 0, undefined],
      ['Tool: watch', 'dynamo.agent.tool', nanoseconds(200), 200_000_000, 'unended'],
    ])
  })

  it('mark the end of a session', async () => {
    const context = { session_id: 'a', session_final: true }
    const trace = await open([requestLine({ session: 'a', at: 0 }), requestLine({ context, at: 60, total: 5 })])
    expect(trace.slices({ category: 'dynamo.agent.session' }).map(times)).toEqual([['session end', nanoseconds(65), 0]])
    expect(trace.slices({ category: 'dynamo.llm' }).map(({ args }) => args.session_final)).toEqual([undefined, true])
  })

  it('of a trajectory have one colour', () => {
    const slices = sample.slices().filter(({ category }) => category === 'dynamo.llm' || category === 'dynamo.agent.tool')
    const colours = new Map(slices.map(({ args }) => [args.correlation_id, args.trajectory_id]))
    expect([...colours.values()].sort()).toEqual(['main', 'run', 'run.child', 'run.child.child', 'run.other', undefined])
  })

  it('may be in any year that a clock can show', async () => {
    const at = 253_402_300_799_000 - T0
    const lines = [requestLine({ session: 'a', at, total: 500 }), requestLine({ session: 'a', at: 1_700_000_000 - T0 })]
    const trace = await open(lines, { counters: false })
    expect(trace.slices().map(({ ts, dur }) => [ts, dur])).toEqual([
      [1_700_000_000_000_000n, 50_000_000],
      [9_223_372_036_854_000_000n, 0],
    ])
  })
})

describe('debug annotations', () => {
  it('carry all that the row of a request says under the names that Dynamo gives', () => {
    const [first] = sample.slices({ category: 'dynamo.llm' })
    const { correlation_id: _, ...args } = first?.args ?? {}
    expect(args).toEqual({
      trajectory_id: 'run',
      event_time_unix_ms: T0 + 100,
      event_source: 'dynamo',
      request_id: 'request-0-100',
      x_request_id: 'x-1',
      model: 'tiny-model',
      input_tokens: 1000,
      output_tokens: 20,
      cached_tokens: 512,
      request_received_ms: T0,
      prefill_wait_time_ms: 10,
      prefill_time_ms: 30,
      ttft_ms: 40,
      total_time_ms: 100,
      avg_itl_ms: 3,
      kv_hit_rate: 0.512,
      kv_transfer_estimated_latency_ms: 1.5,
      queue_depth: 2,
      'worker.prefill_worker_id': 18446744073709551615n,
      'worker.prefill_dp_rank': 0,
      'worker.decode_worker_id': 9007199254740993n,
      'worker.decode_dp_rank': 1,
      'replay.trace_block_size': 512,
      'replay.input_length': 1000,
      'finish.finish_reason': 'tool_calls',
      'finish.tool_call_count': 2,
      'finish.tool_call_names': 'bash, task',
      'finish.choice_count': 1,
      'finish.choice_finish_reasons': '0:tool_calls',
    })
  })

  it('carry all that the rows of a tool call say', () => {
    const [bash] = sample.slices({ category: 'dynamo.agent.tool' })
    const { correlation_id: _, ...args } = bash?.args ?? {}
    expect(args).toEqual({
      trajectory_id: 'run',
      event_time_unix_ms: T0 + 301,
      event_source: 'harness',
      tool_call_id: 'call-bash',
      tool_class: 'bash',
      started_at_unix_ms: T0 + 110,
      ended_at_unix_ms: T0 + 300,
      status: 'cancelled',
      output_bytes: 42,
      error_type: 'Slow',
      timing: 'measured',
    })
  })

  it('say who asked in the words of each generation alike', () => {
    const identities = sample
      .slices({ category: 'dynamo.llm' })
      .map(({ args }) => [args.session_id, args.session_type_id, args.trajectory_id, args.parent_trajectory_id])
    expect(identities).toContainEqual([undefined, undefined, 'run.child', 'run'])
    expect(identities).toContainEqual(['old run', 'pi', 'main', undefined])
    expect(identities).toContainEqual([undefined, undefined, undefined, undefined])
  })

  it('keep durations real numbers, so that SQL never divides them as integers', () => {
    const types = sample.query<{ type: string }>(
      `select distinct value_type type from args where key in ('debug.total_time_ms', 'debug.duration_ms')`,
    )
    expect(types).toEqual([{ type: 'real' }])
  })

  it('take texts and numbers as the row has them', async () => {
    const request = { request_id: 'ä"\n😀', x_request_id: 'x'.repeat(300), input_tokens: 1.5, queue_depth: -2 }
    const trace = await open([requestLine({ session: 'a', at: 0, request })])
    expect(trace.slices()[0]?.args).toMatchObject(request)
  })

  it('are on requests and tool calls only', () => {
    for (const { args } of sample.slices({ category: 'dynamo.llm.stage' })) expect(args).toEqual({})
  })

  it('tell where an inferred call comes from', async () => {
    const asks = { finish_reason_metadata: askedFor(['first', 'bash'], ['second', 'grep']) }
    const trace = await open([requestLine({ session: 'a', at: 0, id: 'asker', request: asks }), requestLine({ session: 'a', at: 90 })])
    expect(trace.slices({ category: 'dynamo.agent.tool' })[1]?.args).toMatchObject({
      timing: 'inferred',
      tool_call_id: 'second',
      tool_class: 'grep',
      source_request_id: 'asker',
      choice_index: 0,
      tool_call_index: 1,
    })
  })

  it('are few where few are asked for', async () => {
    const trace = await open(sampleLines, { args: 'minimal' })
    const [request] = trace.slices({ category: 'dynamo.llm' })
    const [tool] = trace.slices({ category: 'dynamo.agent.tool' })
    expect(Object.keys(request?.args ?? {}).sort()).toEqual(
      ['cached_tokens', 'correlation_id', 'input_tokens', 'model', 'output_tokens', 'request_id', 'trajectory_id', 'ttft_ms', 'worker.decode_worker_id'], // prettier-ignore
    )
    expect(Object.keys(tool?.args ?? {}).sort()).toEqual(
      ['correlation_id', 'error_type', 'output_bytes', 'status', 'timing', 'tool_call_id', 'tool_class', 'trajectory_id'], // prettier-ignore
    )
  })
})

describe('flows', () => {
  const label = ({ name, track }: Slice) => `${name?.split(':')[0] ?? ''} of ${track.split(' › ').at(-2) ?? ''}`

  it('are one for each edge, several into one request and out of one tool call', () => {
    expect(
      sample
        .flows()
        .map(({ from, to }) => `${label(from)} → ${label(to)}`)
        .sort(),
    ).toEqual([
      'Tool error of trajectory run → LLM request of trajectory run',
      'Tool of trajectory run → LLM request of trajectory run',
      'Tool of trajectory run → LLM request of trajectory run.child',
      'Tool of trajectory run → LLM request of trajectory run.other',
      'Tool of trajectory run.child → LLM request of trajectory run.child.child',
    ])
  })

  const spawnLines = [
    requestLine({ session: 'a', at: 0, total: 40 }),
    requestLine({ session: 'a', at: 10, total: 40 }),
    requestLine({ session: 'a', at: 90, total: 5 }),
    requestLine({ session: 'a.child', parent: 'a', at: 60, total: 200 }),
  ]

  it('out of a request leave from where it ended', async () => {
    const trace = await open(spawnLines)
    expect(trace.slices({ category: 'dynamo.flow' })).toMatchObject([
      {
        name: 'spawn',
        ts: nanoseconds(50),
        dur: 0,
        track: 'Dynamo trace › session a › trajectory a › LLM 2',
        args: { provenance: 'inferred', trajectory_id: 'a' },
      },
    ])
    expect(trace.flows().map(({ from, to }) => [from.name, to.args.trajectory_id])).toEqual([['spawn', 'a.child']])
  })

  it('and what they leave from are left out together', async () => {
    const trace = await open(spawnLines, { flows: false })
    expect(trace.slices().map(({ name }) => name)).toEqual(spawnLines.map(() => 'LLM request: tiny-model'))
  })

  it('out of a call that ended before the trajectory began that it started leave from its end', async () => {
    const trace = await open([
      toolCallLine({ session: 'a', from: 10, to: 20, id: 'call-7', tool: { tool_class: 'task' } }),
      requestLine({ session: 'a:call-7', parent: 'a', at: 25, total: 20 }),
      requestLine({ session: 'a', at: 50 }),
    ])
    expect(trace.flows().map(({ from, to }) => [from.name, from.track, to.args.trajectory_id])).toEqual([
      ['Tool: task', 'Dynamo trace › session a › trajectory a › tools', 'a'],
      ['spawn', 'Dynamo trace › session a › trajectory a › tools', 'a:call-7'],
    ])
  })

  it('leave a call once that is inferred first and turns out to have never ended', async () => {
    const asks = { finish_reason_metadata: askedFor(['call-1', 'task']) }
    const child = (at: number) => requestLine({ session: `a.${at}`, parent: 'a', at, total: 5 })
    const trace = await open([
      requestLine({ session: 'a', at: 0, total: 10, request: asks }),
      toolLine('tool_start', { session: 'a', eventTime: 12, tool: { tool_class: 'task' } }),
      child(20),
      child(30),
      requestLine({ session: 'a', at: 50, total: 10 }),
      child(80),
    ])
    expect(trace.slices().filter(({ name }) => name?.startsWith('Tool')).map(times)).toEqual([
      ['Tool: task', nanoseconds(10), 40_000_000],
      ['Tool start: task', nanoseconds(12), 0],
    ])
    expect(trace.flows().map(({ from, to }) => [from.name, to.args.trajectory_id])).toEqual([
      ['Tool: task', 'a.20'],
      ['Tool: task', 'a.30'],
      ['Tool start: task', 'a.80'],
    ])
  })

  it('to a request that begins together with a call of no length arrive at it', async () => {
    const trace = await open([toolCallLine({ session: 'a', from: 10, to: 10 }), requestLine({ session: 'a', at: 10 })])
    expect(trace.flows().map(({ from, to }) => [from.name, to.name])).toEqual([['Tool: bash', 'LLM request: tiny-model']])
  })

  it('leave a call that began in the very millisecond of the trajectory that it started', async () => {
    const trace = await open([
      requestLine({ session: 'a.child', parent: 'a', at: 10, total: 20 }),
      toolCallLine({ session: 'a', from: 10, to: 40, tool: { tool_class: 'task' } }),
    ])
    expect(trace.flows().map(({ from, to }) => [from.name, to.name])).toEqual([['Tool: task', 'LLM request: tiny-model']])
  })

  it('of concatenated traces do not touch', async () => {
    const part = (at: number) =>
      write([toolCallLine({ session: 'a', from: at, to: at + 5 }), requestLine({ session: 'a', at: at + 5, total: 5 })], {
        counters: false,
      })
    const trace = await openTrace(Buffer.concat([part(0), part(20)]))
    expect(judge(trace)).toEqual([])
    expect(trace.flows().map(({ from, to }) => [from.ts, to.ts])).toEqual([
      [nanoseconds(0), nanoseconds(5)],
      [nanoseconds(20), nanoseconds(25)],
    ])
  })
})

describe('counters', () => {
  const pointsOf = (trace: OpenTrace, name: string) =>
    trace
      .query<{ ts: number | bigint; value: number }>(
        `select ts, value from counter join counter_track t on t.id = track_id where t.name = '${name}' order by ts`,
      )
      .map(({ ts, value }) => [Number(BigInt(ts) - nanoseconds(0)) / 1e6, value])

  it.each<[string, [number, number][]]>([
    ['LLM requests in flight', [[0, 1], [100, 0], [150, 1], [200, 2], [260, 1], [300, 2], [320, 3], [350, 2], [370, 1], [400, 0], [420, 1], [500, 1], [600, 0], [900, 1], [1000.75, 0]]], // prettier-ignore
    ['tool calls in flight', [[110, 2], [200, 3], [300, 2], [400, 1], [900, 0]]],
    ['router queue depth', [[0, 2], [900, 0]]],
    ['KV hit rate', [[0, 0.512]]],
    ['input tokens', [[0, 1000], [1000, 0]]],
    ['cached tokens', [[0, 512], [1000, 0]]],
    ['output tokens', [[0, 20], [1000, 0]]],
  ])('show %s', (name, points) => {
    expect(pointsOf(sample, name)).toEqual(points.filter(([, value], index) => value !== points[index - 1]?.[1]))
  })

  it('have units', () => {
    const counters = sample.trackTree().filter(({ isCounter }) => isCounter)
    expect(new Set(counters.map(({ unit }) => unit))).toEqual(new Set(['requests', 'calls', 'tokens/s', 'ratio']))
  })
})

describe('options', () => {
  it.each([
    { options: { stages: false }, missing: 'dynamo.llm.stage' },
    { options: { markers: false }, missing: 'dynamo.llm.marker' },
  ])('$options leaves out $missing and no other slice', async ({ options, missing }) => {
    const some = await open(sampleLines, options)
    const keep = sample.slices().filter(({ category }) => category !== missing)
    expect(keep.length).toBeLessThan(sample.slices().length)
    expect(some.slices().map(times)).toEqual(keep.map(times))
  })

  it('leave out arrows and counters', async () => {
    const trace = await open(sampleLines, { flows: false, counters: false })
    expect(trace.flows()).toEqual([])
    expect(trace.trackTree().some(({ isCounter }) => isCounter)).toBe(false)
  })

  it('draw stages on tracks of their own', async () => {
    const lines = [0, 10].map((at) => requestLine({ session: 'a', at, total: 30, request: { ttft_ms: 10, prefill_time_ms: 10 } }))
    const trace = await open(lines, { separateStageTracks: true, counters: false })
    expect(tree(trace).slice(3)).toEqual(['      LLM', '      LLM stages', '      LLM 2', '      LLM 2 stages'])
    expect(new Set(trace.slices().map(({ depth }) => depth))).toEqual(new Set([0]))
  })

  it('draw no tracks of stages where there are no stages', async () => {
    const trace = await open(sampleLines, { separateStageTracks: true, stages: false })
    expect(tree(trace)).toEqual(tree(sample))
  })
})
