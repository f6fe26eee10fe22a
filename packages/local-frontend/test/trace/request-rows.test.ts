// SPDX-License-Identifier: Apache-2.0
import { parseExactJson } from '@dynamo-agent/core'
import { traceLineSchema } from '@dynamo-agent/core/schemas'
import { fixtureFolder, readLines } from '@dynamo-agent/fixtures'
import { describe, expect, test } from 'vitest'
import { chat, fast, post, scriptOf, settle, shapeOf, startTraced, until, type Line } from '../support.ts'

const lineOf = (file: string, which: (line: Line) => boolean) => {
  const lines = readLines(`${fixtureFolder}/${file}`).map((line) => parseExactJson(line) as Line)
  return lines.find(which)
}

const identified = { 'x-dynamo-session-id': 'run-1', 'x-request-id': 'attempt-1' }
const context = { session_type_id: 'coding', session_id: 'run-1', trajectory_id: 'run-1' }
const withContext = { ...chat, nvext: { agent_context: context } }
const long = { content: 'word '.repeat(400) }
const conversation = [{ role: 'user', ...long }]

function only(lines: readonly Line[]): Line {
  expect(lines).toHaveLength(1)
  return lines[0]!
}

/** Block hashes differ in number, and decimals in whether they are there. */
function keysOf(line: Line | undefined): unknown {
  return JSON.parse(JSON.stringify(shapeOf(line), (key, value: unknown) => value).replaceAll('"bigint",', ''))
}

describe('the row of a request', () => {
  test('of 1.3+ has the fields of 1.6.1 in their order', async () => {
    const { frontend, rows } = await startTraced()
    await (await post(frontend, chat, { headers: identified })).text()
    const row = only(await rows())
    expect(traceLineSchema.parse(row)).toBeDefined()
    expect(keysOf(row)).toEqual(
      keysOf(lineOf('dynamo-1.6.1-agent-run.jsonl', ({ event }) => event.request?.x_request_id !== undefined)),
    )
    expect(row.event.agent_context).toEqual({ session_id: 'run-1', input_trigger: 'user_message' })
    expect(row.event.request).toMatchObject({ x_request_id: 'attempt-1', model: 'tiny' })
  })

  test('with tool calls has the fields of 1.6.1 in their order', async () => {
    const toolCalls = [{ name: 'read_file', arguments: { path: 'a' } }]
    const { frontend, rows } = await startTraced({ model: { script: scriptOf({ toolCalls }), engine: fast } })
    const answer = (await (await post(frontend, chat, { headers: identified })).json()) as {
      choices: { message: { tool_calls: { id: string }[] } }[]
    }
    const row = only(await rows())
    expect(traceLineSchema.parse(row)).toBeDefined()
    expect(keysOf(row)).toEqual(
      keysOf(lineOf('dynamo-1.6.1-tool-calls.jsonl', ({ event }) => event.request !== undefined)),
    )
    expect(row.event.request?.finish_reason_metadata).toEqual({
      finish_reason: 'tool_calls',
      backend_finish_reason: 'stop',
      tool_calls: [
        { choice_index: 0, tool_call_index: 0, id: answer.choices[0]?.message.tool_calls[0]?.id, name: 'read_file' },
      ],
      choices: [{ choice_index: 0, finish_reason: 'tool_calls' }],
    })
  })

  test('of 1.2 has the fields of 1.2.1 in their order', async () => {
    const { frontend, rows } = await startTraced({ generation: '1.2' })
    await (await post(frontend, withContext, { headers: { 'x-request-id': 'attempt-1' } })).text()
    const row = only(await rows())
    expect(traceLineSchema.parse(row)).toBeDefined()
    expect(keysOf(row)).toEqual(
      keysOf(lineOf('dynamo-1.2.1-agent-run.jsonl', ({ event }) => event.request !== undefined)),
    )
    expect(row.event.agent_context).toEqual(context)
  })

  test('without identity is context-free in 1.3+, has no model and no source, and is not written by 1.2', async () => {
    const later = await startTraced()
    await (await post(later.frontend, chat, { headers: { 'x-request-id': 'attempt-1' } })).text()
    const row = only(await later.rows())
    expect(traceLineSchema.parse(row)).toBeDefined()
    expect(keysOf(row)).toEqual(
      keysOf(lineOf('dynamo-1.6.1-agent-run.jsonl', ({ event }) => event.event_source === undefined)),
    )

    const earlier = await startTraced({ generation: '1.2' })
    await (await post(earlier.frontend, chat, { headers: identified })).text()
    expect(await earlier.rows()).toEqual([])
  })

  test('obeys the arithmetic of real rows', async () => {
    const { frontend, rows } = await startTraced()
    const first = { ...chat, messages: conversation }
    const answer = (await (await post(frontend, first, { headers: identified })).json()) as {
      choices: { message: object }[]
    }
    const next = [...conversation, answer.choices[0]?.message, { role: 'user', content: 'go on' }]
    await (await post(frontend, { ...chat, messages: next }, { headers: identified })).text()
    const requests = (await rows()).map(({ event }) => ({
      event,
      request: event.request as Record<string, number> & { replay: Replay },
    }))
    expect(requests).toHaveLength(2)
    for (const { event, request } of requests) {
      const blocks = Math.ceil(request.input_tokens! / 64)
      expect(event.event_time_unix_ms).toBe(request.request_received_ms! + Math.round(request.total_time_ms!))
      expect(request.ttft_ms).toBeCloseTo(request.prefill_wait_time_ms! + request.prefill_time_ms!, 6)
      expect(request.avg_itl_ms).toBeCloseTo(
        (request.total_time_ms! - request.ttft_ms!) / (request.output_tokens! - 1),
        6,
      )
      expect(request.replay.input_length).toBe(request.input_tokens)
      expect(request.replay.input_sequence_hashes).toHaveLength(blocks)
      expect(request.kv_hit_rate).toBeCloseTo(request.cached_tokens! / 64 / blocks, 12)
      expect(request.cached_tokens! % 64).toBe(0)
    }
    const [one, two] = requests
    expect(one?.request.cached_tokens).toBe(0)
    expect(two?.request.cached_tokens).toBeGreaterThan(0)
    const shared = two!.request.cached_tokens! / 64
    expect(two?.request.replay.input_sequence_hashes.slice(0, shared)).toEqual(
      one?.request.replay.input_sequence_hashes.slice(0, shared),
    )
  })

  test('and its answer tell the same figures', async () => {
    const { frontend, rows } = await startTraced({ createRequestId: () => 'the-id' })
    const body = { ...chat, nvext: { extra_fields: ['worker_id', 'timing'] } }
    const answer = parseExactJson(await (await post(frontend, body, { headers: identified })).text()) as {
      id: string
      usage: Record<string, unknown>
      nvext: { worker_id: unknown; timing: Record<string, unknown> }
    }
    const request = only(await rows()).event.request!
    expect(answer.id).toBe('chatcmpl-the-id')
    expect(request).toMatchObject({
      request_id: 'the-id',
      input_tokens: answer.usage.prompt_tokens,
      output_tokens: answer.usage.completion_tokens,
      worker: answer.nvext.worker_id,
    })
    const { router_queue_depth: queueDepth, ...timing } = answer.nvext.timing
    expect(request).toMatchObject({ ...timing, queue_depth: queueDepth })
  })
})

interface Replay {
  input_length: number
  input_sequence_hashes: bigint[]
}

describe('what writes a row', () => {
  const slow = { script: scriptOf('word '.repeat(400)), engine: { decodeTokensPerSecond: 100, prefillOverheadMs: 0 } }

  test('a stream cut by the client: partial tokens, times, no finish metadata; generation stops', async () => {
    const { frontend, rows } = await startTraced({ model: slow })
    const abort = new AbortController()
    const response = await post(frontend, { ...chat, stream: true }, { headers: identified, signal: abort.signal })
    const reader = response.body!.getReader()
    await reader.read()
    await reader.read()
    abort.abort()
    await until(() => frontend.counters.requests.recorded === 1, 1000)
    const { request } = only(await rows()).event
    expect(request?.output_tokens).toBeGreaterThan(0)
    expect(request?.output_tokens).toBeLessThan(100)
    expect(request).toHaveProperty('ttft_ms')
    expect(request).not.toHaveProperty('finish_reason_metadata')
    expect(frontend.counters.requests.aborted).toBe(1)
  })

  test('a request dropped before its answer', async () => {
    const { frontend, rows } = await startTraced({ model: slow })
    const abort = new AbortController()
    const dropped = post(frontend, chat, { headers: identified, signal: abort.signal })
    await until(() => frontend.counters.requests.received === 1)
    await settle(50)
    abort.abort()
    await expect(dropped).rejects.toThrow()
    await until(() => frontend.counters.requests.recorded === 1, 1000)
    const row = only(await rows())
    expect(traceLineSchema.parse(row)).toBeDefined()
    expect(row.event.request).not.toHaveProperty('finish_reason_metadata')
  })

  test('a request dropped while it waits for a worker', async () => {
    const engine = { ...slow.engine, workers: 1, maxConcurrentPerWorker: 1 }
    const { frontend, rows } = await startTraced({ model: { ...slow, engine } })
    const abort = new AbortController()
    const init = { headers: identified, signal: abort.signal }
    const both = Promise.allSettled([post(frontend, chat, init), post(frontend, chat, init)])
    await until(() => frontend.counters.requests.received === 2)
    await settle(50)
    abort.abort()
    await both
    await until(() => frontend.counters.requests.recorded === 2, 1000)
    const lines = await rows()
    for (const line of lines) expect(traceLineSchema.parse(line)).toBeDefined()
    expect(lines.filter(({ event }) => event.request?.worker === undefined)).toHaveLength(1)
  })

  test.each([
    ['1.2', 1],
    ['1.3+', 0],
  ] as const)('several choices: in %s %i row', async (generation, count) => {
    const { frontend, rows } = await startTraced({ generation })
    const body = generation === '1.2' ? withContext : chat
    const response = await post(frontend, { ...body, n: 2 }, { headers: identified })
    const answer = (await response.json()) as { choices: { index: number }[]; usage: { completion_tokens: number } }
    expect(answer.choices.map(({ index }) => index)).toEqual([0, 1])
    expect(await rows()).toHaveLength(count)
  })

  test.each([
    ['an unknown model', { ...chat, model: 'nope' }],
    ['a refused parameter', { ...chat, zzz: 1 }],
    ['a bad temperature', { ...chat, temperature: 9 }],
  ])('never %s', async (_, body) => {
    const { frontend, rows } = await startTraced()
    await (await post(frontend, body, { headers: identified })).text()
    expect(await rows()).toEqual([])
    expect(frontend.counters.requests.failed).toBe(1)
  })
})

test('the clock of the file never runs back', async () => {
  let ms = 1_800_000_000_000
  const jumps = [5, -3, 7, -100, 2]
  const { frontend, rows } = await startTraced({ now: () => (ms += jumps.shift() ?? 1) })
  for (let turn = 0; turn < 5; turn++) await (await post(frontend, chat, { headers: identified })).text()
  const stamps = (await rows()).map(({ timestamp }) => timestamp)
  expect(stamps).toHaveLength(5)
  expect(stamps).toEqual(stamps.toSorted((a, b) => a - b))
})
