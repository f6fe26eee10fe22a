// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib'
import { judge, openTrace, type OpenTrace } from '@dynamo-agent/trace-processor'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TraceModel } from '../../../src/model/trace-model.ts'
import { toNanoseconds } from '../../../src/write/perfetto/nanoseconds.ts'
import { writePerfetto, type PerfettoOptions } from '../../../src/write/perfetto/write-perfetto.ts'
import { model, request, sampleModel, session, T0, tool, trajectory } from '../sample-model.ts'
import { seededRandom } from '../seeded-random.ts'
import { dig, integers, readMessage, submessages } from './wire-reader.ts'

const write = (given: TraceModel, options?: PerfettoOptions) => Buffer.concat([...writePerfetto(given, options)])

/** Opens a trace that must be a good one. */
async function open(bytes: Uint8Array) {
  const trace = await openTrace(bytes)
  expect(judge(trace)).toEqual([])
  return trace
}

/** The sample, drawn with all there is. */
let sample: OpenTrace

beforeAll(async () => {
  sample = await open(write(sampleModel()))
})

const nanoseconds = (ms: number) => BigInt(T0) * 1_000_000n + BigInt(Math.round(ms * 1e6))

describe('the track tree', () => {
  it('nests sessions, trajectories and lanes, a child below its parent', () => {
    expect(sample.trackTree().map(({ depth, name }) => `${'  '.repeat(depth)}${name ?? ''}`)).toEqual([
      'Dynamo trace',
      '  LLM requests in flight',
      '  tool calls in flight',
      '  router queue depth',
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

  it('keeps the order of the model where names would sort otherwise', async () => {
    const sessions = ['z', 'm', 'a'].map((id, index) =>
      session(id, [trajectory(id, { requests: [request(index, 9)] })]),
    )
    const trace = await open(write(model(sessions), { counters: false }))
    const names = trace.trackTree().flatMap(({ depth, name }) => (depth === 1 ? [name] : []))
    expect(names).toEqual(['session z', 'session m', 'session a'])
  })

  it('keeps trajectories apart that share an id in different sessions', async () => {
    const sessions = ['a', 'b'].map((id) => session(id, [trajectory('main', { requests: [request(0, 5)] })]))
    const trace = await open(write(model(sessions)))
    expect(trace.slices({ category: 'dynamo.llm' }).map(({ track }) => track)).toEqual([
      'Dynamo trace › session a › trajectory main › LLM',
      'Dynamo trace › session b › trajectory main › LLM',
    ])
  })

  it('hangs a trajectory whose parent has no rows on its session', async () => {
    const orphan = trajectory('child', { parentId: 'gone', requests: [request(0, 5)] })
    const trace = await open(write(model([session('gone', [orphan])])))
    expect(trace.slices({ category: 'dynamo.llm' })[0]?.track).toBe(
      'Dynamo trace › session gone › trajectory child › LLM',
    )
  })
})

describe('slices', () => {
  it('draws a request with its stages inside, to the nanosecond', async () => {
    const requests = [request(0.25, 100.75, { ttftMs: 40.5 })]
    const trace = await open(write(model([session('a', [trajectory('a', { requests })])])))
    expect(trace.slices().map(({ name, category, ts, dur, depth }) => [name, category, ts, dur, depth])).toEqual([
      ['LLM request: tiny-model', 'dynamo.llm', nanoseconds(0.25), 100_500_000, 0],
      ['prefill wait', 'dynamo.llm.stage', nanoseconds(0.25), 10_125_000, 1],
      ['prefill', 'dynamo.llm.stage', nanoseconds(10.375), 30_375_000, 1],
      ['first token', 'dynamo.llm.marker', nanoseconds(40.75), 0, 1],
      ['decode', 'dynamo.llm.stage', nanoseconds(40.75), 60_000_000, 1],
    ])
  })

  it('names a request whose model is not known, and a failed tool', async () => {
    const { model: _, ...metrics } = request(0, 5).record.request
    const nameless = request(0, 5)
    const requests = [{ ...nameless, record: { ...nameless.record, request: metrics } }]
    const trace = await open(
      write(model([session('a', [trajectory('a', { requests, toolCalls: [tool(5, 9, { failed: true })] })])])),
    )
    expect(trace.slices().map(({ name }) => name)).toEqual(['LLM request: unknown-model', 'Tool error: bash'])
  })

  it('pairs slices that touch, overlap, repeat and have no length', async () => {
    const spans = [
      [0, 5],
      [5, 5],
      [5, 9],
      [3, 9],
      [0, 0],
      [4, 4],
      [4, 4],
      [9, 9],
    ] as const
    const toolCalls = spans.map(([start, end], index) => tool(start, end, { id: `call-${index}` }))
    const trace = await open(write(model([session('a', [trajectory('a', { toolCalls })])])))
    const drawn = trace.slices().map(({ args, ts, dur }) => [args.tool_call_id, ts, dur])
    const expected = spans.map(([start, end], index) => [`call-${index}`, nanoseconds(start), (end - start) * 1e6])
    expect(drawn).toHaveLength(spans.length)
    expect(drawn).toEqual(expect.arrayContaining(expected))
  })

  it('pairs slices at random fractions of a millisecond as they were given', async () => {
    const random = seededRandom(11)
    const toolCalls = Array.from({ length: 200 }, (_, index) => {
      const start = random() * 20
      return tool(start, start + Math.max(0, random() * 3 - 1), { id: `call-${index}` })
    })
    const trace = await open(write(model([session('a', [trajectory('a', { toolCalls })])])))
    const drawn = new Map(trace.slices().map(({ args, ts, dur }) => [args.tool_call_id, [ts, ts + BigInt(dur)]]))
    for (const { call, startMs, endMs } of toolCalls) {
      expect(drawn.get(call.toolCallId)).toEqual([toNanoseconds(startMs), toNanoseconds(endMs)])
    }
  })

  it('closes a tool call that never ended at the end it was given, and says so', () => {
    const [lost] = sample.slices({ category: 'dynamo.agent.tool' }).filter(({ name }) => name === 'Tool: watch')
    expect(lost).toMatchObject({ dur: 200_000_000, args: { timing: 'unended', tool_call_id: 'call-lost' } })
  })

  it('gives the slices of a trajectory one colour', () => {
    const slices = sample
      .slices()
      .filter(({ category }) => category === 'dynamo.llm' || category === 'dynamo.agent.tool')
    const trajectories = new Map(
      slices.map(({ args }) => [args.correlation_id, `${args.session_id ?? ''}/${args.trajectory_id ?? ''}`]),
    )
    expect(trajectories.size).toBe(6)
    for (const { args } of slices) expect(args.correlation_id).toMatch(/^tp:#\d+$/)
  })
})

describe('debug annotations', () => {
  it('carry a request’s row under the names that Dynamo gives', () => {
    const [first] = sample.slices({ category: 'dynamo.llm' })
    const { correlation_id: _, ...args } = first?.args ?? {}
    expect(args).toEqual({
      session_id: 'run',
      trajectory_id: 'run',
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
      'worker.prefill_worker_id': 18446744073709551615n,
      'worker.prefill_dp_rank': 0,
      'worker.decode_worker_id': 9007199254740993n,
      'finish.finish_reason': 'tool_calls',
      'finish.tool_call_count': 2,
      'finish.tool_call_names': 'bash, task',
      'finish.choice_count': 1,
      'finish.choice_finish_reasons': '0:tool_calls',
    })
  })

  it('say who asked in the words of each generation alike', () => {
    const identities = sample
      .slices({ category: 'dynamo.llm' })
      .map(({ args }) => [args.session_id, args.session_type_id, args.trajectory_id, args.parent_trajectory_id])
    expect(identities).toContainEqual(['run', undefined, 'run.child', 'run'])
    expect(identities).toContainEqual(['old run', 'pi_coding_agent', 'main', undefined])
    expect(identities).toContainEqual([undefined, undefined, undefined, undefined])
  })

  it('keep durations real numbers, so that SQL never divides them as integers', () => {
    const types = sample.query<{ type: string }>(
      `select distinct value_type type from args where key in ('debug.total_time_ms', 'debug.duration_ms')`,
    )
    expect(types).toEqual([{ type: 'real' }])
  })

  it('are on requests and tool calls only', () => {
    for (const { args } of sample.slices({ category: 'dynamo.llm.stage' })) expect(args).toEqual({})
  })

  it('tell where an inferred call comes from', async () => {
    const by = request(0, 5, { requestId: 'asker' })
    const asked = { by, as: { choiceIndex: 0, toolCallIndex: 1, id: 'call', name: 'bash' } }
    const toolCalls = [tool(5, 9, { timing: 'inferred', call: { toolCallId: 'call', toolClass: 'bash' }, asked })]
    const trace = await open(write(model([session('a', [trajectory('a', { requests: [by], toolCalls })])])))
    expect(trace.slices({ category: 'dynamo.agent.tool' })[0]?.args).toMatchObject({
      timing: 'inferred',
      source_request_id: 'asker',
      choice_index: 0,
      tool_call_index: 1,
    })
  })
})

describe('flows', () => {
  const label = ({ name, track }: { name: string | null; track: string }) =>
    `${name?.split(':')[0] ?? ''} of ${track.split(' › ').at(-2) ?? ''}`

  it('are one for each edge, several into one request and out of one tool call', () => {
    expect(
      sample
        .flows()
        .map(({ from, to }) => `${label(from)} → ${label(to)}`)
        .sort(),
    ).toEqual([
      'LLM request of trajectory run.child → LLM request of trajectory run.child.child',
      'Tool error of trajectory run → LLM request of trajectory run',
      'Tool of trajectory run → LLM request of trajectory run',
      'Tool of trajectory run → LLM request of trajectory run.child',
    ])
  })

  it.each([
    { when: 'at the same nanosecond as its source', at: 10, target: 'LLM request: tiny-model' },
    { when: 'a fraction of a millisecond before its source', at: 10.85, target: 'prefill' },
    { when: 'before its source by the clock of another machine', at: 13, target: 'first token' },
  ])('to a request that begins $when arrives at "$target"', async ({ at, target }) => {
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
    const next = request(10, 50, { ttftMs: 5 })
    const given = model(
      [session('a', [trajectory('a', { requests: [next], toolCalls: [call] })])],
      [{ kind: 'spawn', from: call, to: next, provenance: 'measured' }],
    )
    expect((await open(write(given))).flows()).toEqual([])
  })
})

describe('options', () => {
  it.each([
    { options: { stages: false }, missing: 'dynamo.llm.stage' },
    { options: { markers: false }, missing: 'dynamo.llm.marker' },
  ])('$options leaves out $missing and nothing else', async ({ options, missing }) => {
    const some = await open(write(sampleModel(), options))
    const keep = sample.slices().filter(({ category }) => category !== missing)
    expect(keep.length).toBeLessThan(sample.slices().length)
    expect(some.slices().map(({ name, ts }) => [name, ts])).toEqual(keep.map(({ name, ts }) => [name, ts]))
  })

  it('leaves out arrows and counters', async () => {
    const trace = await open(write(sampleModel(), { flows: false, counters: false }))
    expect(trace.flows()).toEqual([])
    expect(trace.trackTree().some(({ isCounter }) => isCounter)).toBe(false)
  })

  it('cuts the output where it is told to, and the bytes stay the same', () => {
    const pieces = [...writePerfetto(sampleModel(), { chunkBytes: 200 })]
    expect(pieces.length).toBeGreaterThan(10)
    for (const piece of pieces.slice(0, -1)) expect(piece.length).toBeGreaterThanOrEqual(200)
    expect(Buffer.concat(pieces)).toEqual(write(sampleModel()))
  })
})

describe('the file', () => {
  it('is the same each time', () => {
    expect(write(sampleModel())).toEqual(write(sampleModel()))
  })

  it('tells what wall-clock time it is', () => {
    expect(sample.query(`select clock_name name, clock_value value from clock_snapshot order by clock_id`)).toEqual([
      { name: 'REALTIME', value: nanoseconds(0) },
      { name: 'BOOTTIME', value: nanoseconds(0) },
    ])
  })

  it('shows counters with their units', () => {
    const counters = sample.trackTree().filter(({ isCounter }) => isCounter)
    expect(counters.map(({ name, unit }) => [name, unit])).toEqual([
      ['LLM requests in flight', 'requests'],
      ['tool calls in flight', 'calls'],
      ['router queue depth', 'requests'],
    ])
    const peak = sample.query<{ peak: number }>(
      `select max(value) peak from counter join counter_track t on t.id = track_id where t.name like 'LLM%'`,
    )
    expect(peak).toEqual([{ peak: 3 }])
  })

  it('holds each repeated string once', () => {
    const text = write(sampleModel()).toString('latin1')
    expect(text.split('LLM request: tiny-model')).toHaveLength(2)
    expect(text.split('request_received_ms')).toHaveLength(2)
  })

  it('may be cut off anywhere', async () => {
    const bytes = write(sampleModel())
    const trace = await openTrace(bytes.subarray(0, Math.floor(bytes.length * 0.7)))
    expect(trace.errorStats()).toEqual([])
    expect(trace.slices().length).toBeGreaterThan(5)
  })

  it('may be compressed', async () => {
    const trace = await open(gzipSync(write(sampleModel())))
    expect(trace.slices()).toHaveLength(23)
  })

  it('may be concatenated with that of another trace, and shares tracks with it', async () => {
    const part = (start: number) => model([session('a', [trajectory('a', { requests: [request(start, start + 5)] })])])
    const trace = await open(Buffer.concat([write(part(0), { counters: false }), write(part(10), { counters: false })]))
    expect(trace.slices()).toHaveLength(2)
    expect(trace.trackTree().map(({ name }) => name)).toEqual(['Dynamo trace', 'session a', 'trajectory a', 'LLM'])
  })

  it('of an empty model is an empty trace', async () => {
    expect((await open(write(model([])))).slices()).toEqual([])
  })

  it('clears the incremental state in its first packet and needs it in all others', () => {
    const packets = submessages(readMessage(write(sampleModel())), 1)
    const flags = packets.map((packet) => integers(readMessage(packet), 13))
    expect(flags[0]).toEqual([3n])
    expect(new Set(flags.slice(1).flat())).toEqual(new Set([2n]))
    expect(new Set(packets.flatMap((packet) => integers(readMessage(packet), 10))).size).toBe(1)
  })

  it('describes each track before its first event, with rank and without merging', () => {
    const described = new Set<bigint>()
    for (const packet of submessages(readMessage(write(sampleModel())), 1)) {
      const descriptor = dig(packet, 60)
      const event = dig(packet, 11)
      if (descriptor) {
        const fields = readMessage(descriptor)
        for (const parent of integers(fields, 5)) expect(described).toContain(parent)
        expect(integers(fields, 11)).toEqual([3n])
        expect(integers(fields, 12)).toHaveLength(1)
        expect(integers(fields, 15)).toEqual([2n])
        for (const uuid of integers(fields, 1)) described.add(uuid)
      }
      if (event) expect(described).toContain(integers(readMessage(event), 11)[0])
    }
    expect(described.size).toBe(22)
  })
})
