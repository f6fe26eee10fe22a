// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import {
  decodeHashes,
  normalizeToolStatus,
  parseTraceLine,
  type ParsedLine,
  type RequestRecord,
  type TraceRecord,
} from '../../src/index.ts'

const request = { request_id: 'r1', model: 'm' }
const tool = { tool_call_id: 'c1', tool_class: 'grep' }

/** A request row of Dynamo 1.3 or later. */
const requestRow = (change: object = {}, requestChange: object = {}) => ({
  schema: 'dynamo.request.trace.v1',
  event_type: 'request_end',
  event_time_unix_ms: 1000,
  event_source: 'dynamo',
  agent_context: { session_id: 's1' },
  request: { ...request, ...requestChange },
  ...change,
})

const toolRow = (change: object = {}) => ({
  schema: 'dynamo.request.trace.v1',
  event_type: 'tool_end',
  event_time_unix_ms: 1000,
  event_source: 'harness',
  agent_context: { session_id: 's1' },
  tool,
  ...change,
})

const line = (row: unknown) => JSON.stringify({ timestamp: 1, event: row })

function recordOf(parsed: ParsedLine): TraceRecord {
  if (parsed.kind !== 'record') throw new Error(`no record: ${JSON.stringify(parsed)}`)
  return parsed.record
}

function requestOf(text: string): RequestRecord['request'] {
  const record = recordOf(parseTraceLine(text))
  if (record.type !== 'request_end') throw new Error(record.type)
  return record.request
}

describe('a line that gives no record says why', () => {
  test.each([
    ['empty', '', 'blank'],
    ['blanks', ' \t\r', 'blank'],
    ['torn', line(requestRow()).slice(0, -9), 'not-json'],
    ['two rows run together', line(requestRow()) + line(requestRow()), 'not-json'],
    ['text', 'INFO starting', 'not-json'],
    ['an unclosed array of hashes', '{"input_sequence_hashes":[1,2', 'not-json'],
    ['a number', '7', 'not-an-object'],
    ['null', 'null', 'not-an-object'],
    ['an array', '[{}]', 'not-an-object'],
    ['an object of another kind', '{"level":"info"}', 'unknown-schema'],
    ['a later schema', line(requestRow({ schema: 'dynamo.request.trace.v2' })), 'unknown-schema'],
    ['a schema that is no text', line(requestRow({ schema: ['dynamo.request.trace.v1'] })), 'unknown-schema'],
    ['an event of another kind', line(requestRow({ event_type: 'request_start' })), 'unknown-event-type'],
    ['an event without kind', line(requestRow({ event_type: undefined })), 'unknown-event-type'],
    [
      'an event by the name of an inherited property',
      line(requestRow({ event_type: 'constructor' })),
      'unknown-event-type',
    ],
    ['a request without figures', line(requestRow({ request: undefined })), 'incomplete'],
    ['a request whose figures are a list', line(requestRow({ request: [request] })), 'incomplete'],
    ['a request without id', line(requestRow({}, { request_id: 7 })), 'incomplete'],
    ['a request without time', line(requestRow({ event_time_unix_ms: 'now' })), 'incomplete'],
    ['a tool row without tool', line(toolRow({ tool: undefined })), 'incomplete'],
    ['a tool call without id', line(toolRow({ tool: { tool_class: 'grep' } })), 'incomplete'],
    ['a tool call without class', line(toolRow({ tool: { tool_call_id: 'c' } })), 'incomplete'],
    ['a tool row without time', line(toolRow({ event_time_unix_ms: null })), 'incomplete'],
  ])('%s', (_, text, reason) => {
    expect(parseTraceLine(text)).toEqual({ kind: 'skipped', reason })
  })
})

describe('identity in every generation', () => {
  test.each<[string, object, object | undefined]>([
    [
      'before 1.2: workflow and program',
      { workflow_type_id: 'coding', workflow_id: 'run', program_id: 'p1', parent_program_id: 'p0' },
      { sessionId: 'run', trajectoryId: 'p1', parentTrajectoryId: 'p0', sessionTypeId: 'coding' },
    ],
    [
      '1.2: session and trajectory',
      { session_type_id: 'coding', session_id: 'run', trajectory_id: 't1', parent_trajectory_id: 't0' },
      { sessionId: 'run', trajectoryId: 't1', parentTrajectoryId: 't0', sessionTypeId: 'coding' },
    ],
    [
      'an unreleased build: trajectory alone',
      { trajectory_id: 't1', trajectory_final: true },
      { trajectoryId: 't1', sessionFinal: true },
    ],
    [
      '1.3 and later: a session is a trajectory',
      { session_id: 's1', parent_session_id: 's0' },
      { trajectoryId: 's1', parentTrajectoryId: 's0' },
    ],
    [
      '1.5 and later: with trigger',
      { session_id: 's1', session_final: false, input_trigger: 'tool_result' },
      { trajectoryId: 's1', sessionFinal: false, inputTrigger: 'tool_result' },
    ],
    [
      'unknown keys',
      { session_id: 's1', kv_hints: { evict_session: true }, agent_headers: { 'thread-id': ['x'] }, zzz: 1 },
      { trajectoryId: 's1' },
    ],
    ['an id that Dynamo never checks', { session_id: '' }, { trajectoryId: '' }],
    ['an id by the name of the prototype', { session_id: '__proto__' }, { trajectoryId: '__proto__' }],
    [
      'wrong types count as absent',
      { session_id: 's1', parent_session_id: 7, session_final: 'true' },
      { trajectoryId: 's1' },
    ],
    ['no id at all', { parent_session_id: 's0' }, undefined],
    ['a list', [], undefined],
  ])('%s', (_, agent_context, identity) => {
    for (const row of [requestRow({ agent_context }), toolRow({ agent_context })]) {
      const record = recordOf(parseTraceLine(line(row)))
      expect(record.identity).toEqual(identity)
      expect('identity' in record).toBe(identity !== undefined)
    }
  })
})

describe('a request', () => {
  test('has every figure under its name', () => {
    const figures = {
      x_request_id: 'x1',
      input_tokens: 100,
      output_tokens: 20,
      cached_tokens: 64,
      request_received_ms: 900,
      prefill_wait_time_ms: 1.5,
      prefill_time_ms: 8.5,
      ttft_ms: 10,
      total_time_ms: 100.25,
      avg_itl_ms: 4.75,
      kv_hit_rate: 0.5,
      kv_transfer_estimated_latency_ms: 0.25,
      queue_depth: 3,
      worker: { prefill_worker_id: 1, prefill_dp_rank: 0, decode_worker_id: 2, decode_dp_rank: 1 },
      replay: { trace_block_size: 64, input_length: 100, input_sequence_hashes: [11, 22] },
      finish_reason_metadata: {
        finish_reason: 'tool_calls',
        backend_finish_reason: 'stop',
        stop_reason: 128_009,
        tool_calls: [{ choice_index: 0, tool_call_index: 1, id: 'call-1', name: 'grep' }, {}],
        choices: [{ choice_index: 0, finish_reason: 'tool_calls', stop_reason: '</s>' }],
      },
    }
    expect(recordOf(parseTraceLine(line(requestRow({}, figures))))).toStrictEqual({
      type: 'request_end',
      schema: 'dynamo.request.trace.v1',
      eventTimeMs: 1000,
      source: 'dynamo',
      identity: { trajectoryId: 's1' },
      request: {
        requestId: 'r1',
        model: 'm',
        xRequestId: 'x1',
        inputTokens: 100,
        outputTokens: 20,
        cachedTokens: 64,
        receivedMs: 900,
        prefillWaitMs: 1.5,
        prefillMs: 8.5,
        ttftMs: 10,
        totalMs: 100.25,
        avgItlMs: 4.75,
        kvHitRate: 0.5,
        kvTransferEstimatedLatencyMs: 0.25,
        queueDepth: 3,
        worker: { prefillWorkerId: 1n, prefillDpRank: 0, decodeWorkerId: 2n, decodeDpRank: 1 },
        replay: { blockSize: 64, inputTokens: 100, hashText: '11,22' },
        finish: {
          finishReason: 'tool_calls',
          backendFinishReason: 'stop',
          stopReason: 128_009,
          toolCalls: [
            { choiceIndex: 0, toolCallIndex: 1, id: 'call-1', name: 'grep' },
            { choiceIndex: 0, toolCallIndex: 0 },
          ],
          choices: [{ choiceIndex: 0, finishReason: 'tool_calls', stopReason: '</s>' }],
        },
      },
    })
  })

  test('without context has no model, no source and no identity (1.3 and later)', () => {
    const row = {
      schema: 'dynamo.request.trace.v1',
      event_type: 'request_end',
      event_time_unix_ms: 1,
      request: { request_id: 'r' },
    }
    expect(recordOf(parseTraceLine(line(row)))).toStrictEqual({
      type: 'request_end',
      schema: 'dynamo.request.trace.v1',
      eventTimeMs: 1,
      request: { requestId: 'r' },
    })
  })

  test('loses only the figures that make no sense', () => {
    const nonsense = {
      input_tokens: '9',
      ttft_ms: null,
      worker: 7,
      replay: { input_length: 3 },
      finish_reason_metadata: [],
    }
    expect(requestOf(line(requestRow({}, nonsense)))).toStrictEqual({ requestId: 'r1', model: 'm' })
  })

  test('takes garbage inside lists', () => {
    const garbage = { tool_calls: [null, 7, [[]], { id: {} }], choices: 'none' }
    expect(requestOf(line(requestRow({}, { finish_reason_metadata: garbage }))).finish).toStrictEqual({
      toolCalls: [{ choiceIndex: 0, toolCallIndex: 0 }],
      choices: [],
    })
  })
})

describe('u64 values never pass through a double', () => {
  const withWorker = (text: string) =>
    line(requestRow({}, { worker: { decode_worker_id: 'ID' } })).replace('"ID"', text)

  test.each([
    ['zero', '0', 0n],
    ['beyond 2^53', '9007199254740993', 9007199254740993n],
    ['the largest u64', '18446744073709551615', 18446744073709551615n],
    ['blanks around', ' 18446744073709551615 ', 18446744073709551615n],
    ['digits as text', '"18446744073709551615"', 18446744073709551615n],
    ['beyond u64', '18446744073709551616', undefined],
    ['far beyond u64', '9'.repeat(40), undefined],
    ['negative', '-1', undefined],
    ['a fraction', '1.5', undefined],
    ['an exponent', '1e19', undefined],
    ['null', 'null', undefined],
    ['text', '"7 of 9"', undefined],
  ])('a worker id that is %s', (_, text, id) => {
    expect(requestOf(withWorker(text)).worker).toEqual(id === undefined ? {} : { decodeWorkerId: id })
  })

  const replay = { trace_block_size: 64, input_length: 100 }
  const withHashes = (array: string) =>
    line(requestRow({}, { replay: { ...replay, input_sequence_hashes: 'HASHES' } })).replace('"HASHES"', array)
  const hashesOf = (text: string) => {
    const input = requestOf(text).replay
    return input && [...decodeHashes(input)]
  }

  test.each([
    ['as Dynamo writes them', '[18303315695910946765,9007199254740993]', [18303315695910946765n, 9007199254740993n]],
    [
      'with blanks, as other tools write them',
      '[ 18303315695910946765,\t9007199254740993 ]',
      [18303315695910946765n, 9007199254740993n],
    ],
    ['none', '[]', []],
    ['none, with a blank', '[ ]', []],
    ['beyond u64', '[1,18446744073709551616,2]', [1n, 2n]],
    ['with garbage between', '[1,null,"x",-2,3.5,[4],{"a":5},18303315695910946765]', [1n, 18303315695910946765n]],
    ['as text', '["18303315695910946765"]', [18303315695910946765n]],
    ['no list', 'null', []],
  ])('hashes %s', (_, array, hashes) => {
    expect(hashesOf(withHashes(array))).toEqual(hashes)
  })

  test('in a line that was written again with blanks after its colons', () => {
    const text = withHashes('[18303315695910946765, 2]').replaceAll('":', '": ').replaceAll(',"', ', "')
    const request = requestOf(
      text.replace('"model": "m"', '"model": "m", "worker": {"decode_worker_id" : 18303315695910946765}'),
    )
    expect([...decodeHashes(request.replay!)]).toEqual([18303315695910946765n, 2n])
    expect(request.worker).toEqual({ decodeWorkerId: 18303315695910946765n })
  })

  test('a blank between digits makes a line no JSON', () => {
    expect(parseTraceLine(withHashes('[1, 2 3]'))).toEqual({ kind: 'skipped', reason: 'not-json' })
  })

  test('a hash list elsewhere is not taken for the own one', () => {
    const elsewhere = '{"timestamp":1,"event":{"extra":{"input_sequence_hashes":[7,8]},"schema"'
    const own = withHashes('[18303315695910946765]').replace('{"timestamp":1,"event":{"schema"', elsewhere)
    expect(hashesOf(own)).toEqual([18303315695910946765n])
    const none = line(requestRow({}, { replay })).replace('{"timestamp":1,"event":{"schema"', elsewhere)
    expect(hashesOf(none)).toEqual([])
  })
})

describe('text that looks like a row stays text', () => {
  const hostile = '{"event_type":"request_payload","input_sequence_hashes":[1,2],"decode_worker_id":99}'

  test.each([
    ['a model', requestRow({}, { model: hostile })],
    ['an id', requestRow({ agent_context: { session_id: hostile } })],
    ['an unknown key', requestRow({ [hostile]: hostile })],
  ])('as %s', (_, row) => {
    const replay = { trace_block_size: 64, input_length: 64, input_sequence_hashes: [5] }
    const text = line({ ...row, request: { ...row.request, replay } })
    expect(recordOf(parseTraceLine(text)).type).toBe('request_end')
    expect([...decodeHashes(requestOf(text).replay!)]).toEqual([5n])
    expect(requestOf(text)).not.toHaveProperty('worker')
    if (row.request.model === hostile) expect(requestOf(text).model).toBe(hostile)
  })

  test('a key that ends like the hashes of a row', () => {
    const text = line(
      requestRow(
        { 'x"input_sequence_hashes': [1, 2] },
        { replay: { trace_block_size: 1, input_length: 1, input_sequence_hashes: [5] } },
      ),
    )
    expect([...decodeHashes(requestOf(text).replay!)]).toEqual([5n])
  })

  test('`__proto__` as a key changes nothing', () => {
    const evil = '"__proto__":{"session_id":"evil","polluted":true}'
    const text = line(requestRow({ agent_context: { zzz: 1 } }))
      .replace('"zzz":1', evil)
      .replace('{"timestamp"', `{${evil},"timestamp"`)
    expect(recordOf(parseTraceLine(text))).not.toHaveProperty('identity')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('a hundred thousand brackets are no row, and no stack overflow', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(parseTraceLine(deep)).toEqual({ kind: 'skipped', reason: 'not-an-object' })
    expect(requestOf(line(requestRow()).replace('"event_time', `"zzz":${deep},"event_time`)).requestId).toBe('r1')
    expect(parseTraceLine(`{"a":${deep},"input_sequence_hashes" : []}`).kind).toBe('skipped')
  })
})

describe('a payload row is recognised and never decoded', () => {
  const row = {
    schema: 'dynamo.request.trace.v1',
    event_type: 'request_payload',
    event_time_unix_ms: 1,
    payload: { request_id: 'r' },
  }

  test('as Dynamo writes it', () => {
    expect(parseTraceLine(line(row))).toEqual({ kind: 'payload' })
  })

  test('without envelope, and with blanks', () => {
    expect(parseTraceLine(JSON.stringify(row))).toEqual({ kind: 'payload' })
    expect(parseTraceLine(JSON.stringify(row).replaceAll(':', ': '))).toEqual({ kind: 'payload' })
  })
})

describe('a tool row', () => {
  test('has every figure under its name', () => {
    const figures = {
      ...tool,
      started_at_unix_ms: 900,
      ended_at_unix_ms: 1000,
      status: 'ok',
      duration_ms: 100.5,
      output_tokens: 5,
      output_bytes: 20,
      tool_name_hash: 'h',
      error_type: 'e',
    }
    expect(recordOf(parseTraceLine(line(toolRow({ tool: figures }))))).toStrictEqual({
      type: 'tool_end',
      schema: 'dynamo.request.trace.v1',
      eventTimeMs: 1000,
      source: 'harness',
      identity: { trajectoryId: 's1' },
      tool: {
        toolCallId: 'c1',
        toolClass: 'grep',
        startedAtMs: 900,
        endedAtMs: 1000,
        status: 'succeeded',
        durationMs: 100.5,
        outputTokens: 5,
        outputBytes: 20,
        toolNameHash: 'h',
        errorType: 'e',
      },
    })
  })

  test('of 1.2 may have null for a duration that was not finite', () => {
    const record = recordOf(parseTraceLine(line(toolRow({ tool: { ...tool, duration_ms: null } }))))
    expect(record).toMatchObject({ type: 'tool_end', tool: { toolCallId: 'c1' } })
    expect(record).not.toHaveProperty('tool.durationMs')
  })

  test('of the first 1.2 builds calls the harness ms_agent', () => {
    expect(recordOf(parseTraceLine(line(toolRow({ event_source: 'ms_agent' })))).source).toBe('harness')
  })

  test.each([
    ['ok', 'succeeded'],
    ['success', 'succeeded'],
    ['succeeded', 'succeeded'],
    ['failed', 'error'],
    ['error', 'error'],
    ['timeout', 'cancelled'],
    ['canceled', 'cancelled'],
    ['cancelled', 'cancelled'],
    ['running', 'running'],
    ['weird', undefined],
    ['__proto__', undefined],
    ['toString', undefined],
    ['', undefined],
    [7, undefined],
    [null, undefined],
  ])('status %s is %s', (given, status) => {
    expect(normalizeToolStatus(given)).toBe(status)
  })
})
