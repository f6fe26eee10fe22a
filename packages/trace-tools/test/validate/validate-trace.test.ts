// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { fixtureFolder, readLines, traceFiles } from '@dynamo-agent/fixtures'
import { describe, expect, it } from 'vitest'
import { validateTrace } from '../../src/validate/validate-trace.ts'
import { harnessLines } from '../support/harness-lines.ts'
import { payloadLine, requestLine } from '../support/rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const noJson = 'expected one JSON object, found text that is no JSON'
const cut = 'expected a whole row, found one that was cut or is still being written'

/** A row with fields as they stand here, digit by digit. */
function withWorker(fields: string): string {
  return requestLine('r').replace('"request_id"', `"worker":{${fields}},"request_id"`)
}

/** Faults as a person reads them, of a file that holds these bytes. */
async function faultsIn(content: string | Uint8Array): Promise<string[]> {
  const path = join(temporaryFolder(), 'trace.jsonl')
  writeFileSync(path, content)
  const { faults } = await validateTrace({ inputs: [path] })
  return faults.map(({ line, path, message }) => `${line}${path === '' ? '' : ` ${path}`}: ${message}`)
}

describe('a captured trace', () => {
  const whole = traceFiles.filter((path) => !path.includes('truncated'))

  it.each(whole.map((path) => [basename(path), path] as const))('is valid: %s', async (_, path) => {
    const lines = readLines(path).length
    expect(await validateTrace({ inputs: [path] })).toMatchObject({
      rows: { read: lines, valid: lines, faulty: 0 },
      faultCount: 0,
      faults: [],
      inputs: [{ name: path, rows: { read: lines }, faultCount: 0 }],
    })
  })

  it('that a kill has cut has one fault, in its last line', async () => {
    const path = join(fixtureFolder, 'dynamo-1.6.1-killed-truncated.jsonl.gz')
    expect(await validateTrace({ inputs: [path] })).toMatchObject({
      rows: { read: 623, valid: 622, faulty: 1 },
      faultCount: 1,
      faults: [{ file: path, line: 623, path: '', message: cut }],
    })
  })

  it('of rolled segments is checked segment by segment', async () => {
    const folder = join(fixtureFolder, 'dynamo-1.6.1-agent-run-rolled')
    const { rows, byType, inputs } = await validateTrace({ inputs: [folder] })
    expect(rows).toEqual({ read: 81, valid: 81, faulty: 0 })
    expect(byType).toEqual({ request_end: 27, tool_start: 27, tool_end: 24, tool_error: 3, request_payload: 0 })
    expect(inputs.map((input) => input.rows.read)).toEqual([20, 20, 20, 20, 1])
  })
})

describe('a row is valid', () => {
  it.each([
    ['with the envelope of a file', requestLine('r')],
    ['without it, as in S3', JSON.stringify((JSON.parse(requestLine('r')) as { event: object }).event)],
    ['as the payload of a request', payloadLine('r')],
    ['with the largest u64', withWorker('"decode_worker_id":18446744073709551615')],
    ['behind a byte order mark', `\ufeff${requestLine('r')}`],
    ['before CRLF', `${requestLine('r')}\r`],
  ])('%s', async (_, line) => {
    expect(await faultsIn(`${line}\n`)).toEqual([])
  })

  it('that has no line end, if it is whole', async () => {
    expect(await faultsIn(requestLine('r'))).toEqual([])
  })
})

describe('a fault names its line, its place in the row, what is expected and what was found', () => {
  const schemas = '"dynamo.agent.trace.v1", "dynamo.request.trace.v1"'
  const types = '"request_end", "tool_start", "tool_end", "tool_error", "request_payload"'
  const valid = JSON.parse(requestLine('r')) as { timestamp: number; event: { request: object } }
  const event = (change: object) => ({ ...valid, event: { ...valid.event, ...change } })
  const request = (change: object) => event({ request: { ...valid.event.request, ...change } })
  const tool = (change: object) =>
    event({
      schema: 'dynamo.agent.trace.v1',
      event_type: 'tool_end',
      event_source: 'harness',
      agent_context: { session_type_id: 't', session_id: 's', trajectory_id: 'x' },
      request: undefined,
      tool: { tool_call_id: 'c', tool_class: 'bash' },
      ...change,
    })

  it.each<[string, object, string]>([
    ['a text for a number', { ttft_ms: '12' }, 'ttft_ms: expected a number, found "12"'],
    ['a fraction for a count', { input_tokens: 1.5 }, 'input_tokens: expected an integer, found 1.5'],
    ['less than nothing', { total_time_ms: -1 }, 'total_time_ms: expected a number of at least 0, found -1'],
    ['more than all', { kv_hit_rate: 1.01 }, 'kv_hit_rate: expected a number of at most 1, found 1.01'],
    ['an empty text', { request_id: '' }, 'request_id: expected a text that is not empty, found ""'],
    ['nothing', { request_id: undefined }, 'request_id: expected a text, found nothing'],
    ['null', { model: null }, 'model: expected a text, found null'],
    ['an unknown key', { zzz: [1, 2] }, 'zzz: expected no such key, found an array of 2'],
    ['a key of another kind', { 'x y': {} }, '["x y"]: expected no such key, found an object'],
    [
      'a reason of the wrong type',
      { finish_reason_metadata: { stop_reason: true } },
      'finish_reason_metadata.stop_reason: expected a text or a number, found true',
    ],
    [
      'a place in an array',
      { finish_reason_metadata: { choices: [{ choice_index: 0 }, { choice_index: 'a' }] } },
      'finish_reason_metadata.choices[1].choice_index: expected a number, found "a"',
    ],
    [
      'too few hashes',
      { replay: { trace_block_size: 64, input_length: 65, input_sequence_hashes: [1] } },
      'replay.input_sequence_hashes: must hold one hash for each block of the input, the partial last one too, ' +
        'found an array of 1',
    ],
  ])('%s in a request', async (_, change, expected) => {
    const content = `${requestLine('a')}\n${JSON.stringify(request(change))}\n${requestLine('b')}\n`
    expect(await faultsIn(content)).toEqual([`2 event.request${expected.startsWith('[') ? '' : '.'}${expected}`])
  })

  it.each<[string, object, string[]]>([
    ['another schema', event({ schema: 'v9' }), [`event.schema: expected one of ${schemas}, found "v9"`]],
    ['another type', event({ event_type: 'x' }), [`event.event_type: expected one of ${types}, found "x"`]],
    ['another source', event({ event_source: 'me' }), ['event.event_source: expected "dynamo", found "me"']],
    ['no object', { ...valid, event: 7 }, ['event: expected an object, found 7']],
    ['an envelope with more in it', { ...valid, host: 'a' }, ['host: expected no such key, found "a"']],
    ['an envelope without a time', { event: valid.event }, ['timestamp: expected a number, found nothing']],
    [
      'no identity at all',
      tool({ agent_context: undefined }),
      ['event.agent_context: expected an object, found nothing'],
    ],
    [
      'half an identity, by the form that it comes nearest to',
      tool({ agent_context: { session_id: 's', trajectory_id: '' } }),
      [
        'event.agent_context.session_type_id: expected a text, found nothing',
        'event.agent_context.trajectory_id: expected a text that is not empty, found ""',
      ],
    ],
    [
      'a status that Dynamo reads but does not write',
      tool({ tool: { tool_call_id: 'c', tool_class: 'bash', status: 'ok' } }),
      ['event.tool.status: expected one of "running", "succeeded", "error", "cancelled", found "ok"'],
    ],
    [
      'two at once',
      request({ ttft_ms: [], queue_depth: {} }),
      [
        'event.request.ttft_ms: expected a number, found an array of 0',
        'event.request.queue_depth: expected a number, found an object',
      ],
    ],
  ])('%s', async (_, row, expected) => {
    const content = `${requestLine('a')}\n${JSON.stringify(row)}\n`
    expect(await faultsIn(content)).toEqual(expected.map((fault) => `2 ${fault}`))
  })

  it.each([
    ['one more than a u64', '"decode_worker_id":18446744073709551616', 'a number of at most 18446744073709551615'],
    ['a u64 in quotes', '"decode_worker_id":"18446744073709551615"', 'an unsigned 64-bit integer'],
    ['a negative u64', '"decode_worker_id":-9223372036854775808', 'a number of at least 0'],
    ['a count that no double holds', '"decode_dp_rank":9007199254740993', 'an integer below 2^53'],
  ])('%s, with every digit', async (_, field, expected) => {
    const line = withWorker(field)
    const [, key, value] = /"(\w+)":(.*)/.exec(field) ?? []
    expect(await faultsIn(`${line}\n`)).toEqual([`1 event.request.worker.${key}: expected ${expected}, found ${value}`])
  })

  it.each([
    ['no JSON', 'not JSON\n', [`1: ${noJson}`]],
    ['an array', '[1]\n', ['1: expected an object, found an array of 1']],
    ['a bare row of another kind', '{"a":1}\n', [`1 schema: expected one of ${schemas}, found nothing`]],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), ['1: expected UTF-8, found bytes that are none']],
    ['a last line that was cut', `${requestLine('a')}\n{"timest`, [`2: ${cut}`]],
    ['a last line that lacks no more than a brace', requestLine('a').slice(0, -1), [`1: ${cut}`]],
    ['a byte order mark between lines', `${requestLine('a')}\n\ufeff{}\n`, [`2: ${noJson}`]],
    [
      'more nesting than a reader of exact numbers bears',
      `{"event":${'['.repeat(1e5)}1234567890123456789${']'.repeat(1e5)}}\n`,
      ['1: expected a row, found JSON that is nested too deeply to be read'],
    ],
  ])('%s', async (_, content, expected) => {
    expect(await faultsIn(content)).toEqual(expected)
  })

  it('a prototype as a key is a key like any other', async () => {
    const line = requestLine('r').replace('"request_id"', '"__proto__":{"x":1},"constructor":1,"request_id"')
    expect(await faultsIn(`${line}\n`)).toEqual([
      '1 event.request.__proto__: expected no such key, found an object',
      '1 event.request.constructor: expected no such key, found 1',
    ])
  })

  it('nothing in it moves a cursor, turns text round or goes on for ever', async () => {
    const hostile = '\u001b[2J\u0007\u009b31m\u202e\u2028\n'
    const [fault = ''] = await faultsIn(JSON.stringify(request({ [hostile]: hostile + 'x'.repeat(1e6) })))
    expect(fault).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(fault).toMatch(/^1 event\.request\["\\u001b\[2J.*: expected no such key, found "\\u001b\[2J.*x…"$/)
    expect(fault.length).toBeLessThan(400)
  })
})

it('tells of a found file that cannot be read, and checks the others', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'b.jsonl'), requestLine('r1'))
  symlinkSync('nowhere', join(folder, 'a.jsonl'))
  expect(await validateTrace({ inputs: [folder] })).toMatchObject({
    rows: { read: 1, valid: 1 },
    faults: [{ file: join(folder, 'a.jsonl'), line: 1, message: 'expected a file that can be read' }],
  })
})

describe('gzip data', () => {
  const member = (...ids: string[]) => gzipSync(ids.map((id) => `${requestLine(id)}\n`).join(''))

  it('of several members is one trace', async () => {
    expect(await faultsIn(Buffer.concat([member('a', 'b'), member('c')]))).toEqual([])
  })

  it('that was cut has a fault where the next row would be', async () => {
    const whole = member('a')
    expect(await faultsIn(whole.subarray(0, whole.length - 4))).toEqual([
      '2: expected whole gzip data, found a last member that was cut or is still being written',
    ])
  })

  it.each([
    ['in the middle', [member('c')]],
    ['at the end', []],
  ])('that is damaged %s has a fault where it goes on', async (_, rest) => {
    const content = Buffer.concat([member('a'), Buffer.alloc(40, 0xff), ...rest])
    const faults = await faultsIn(content)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(/^2: expected whole gzip data, found damage, with [1-9]\d* of its bytes lost$/)
  })
})

describe('what is listed and counted', () => {
  it('is the first 20 faults, and all of them', async () => {
    const path = join(temporaryFolder(), 'trace.jsonl')
    writeFileSync(path, `${requestLine('a')}\n${'{}\n'.repeat(50)}`)
    const { rows, faultCount, faults } = await validateTrace({ inputs: [path] })
    expect({ rows, faultCount }).toEqual({ rows: { read: 51, valid: 1, faulty: 50 }, faultCount: 50 })
    expect(faults.map(({ line }) => line)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2))
    expect((await validateTrace({ inputs: [path], maxFaults: 0 })).faults).toEqual([])
  })

  it('is told apart by input, standard input among them', async () => {
    const path = join(temporaryFolder(), 'trace.jsonl')
    writeFileSync(path, `${requestLine('a')}\n\n\n{}\n`)
    const stdin = Readable.from([Buffer.from(`${requestLine('b')}\n[]\n`)])
    const { rows, faults, inputs } = await validateTrace({ inputs: [path, '-'], stdin })
    expect(rows).toEqual({ read: 4, valid: 2, faulty: 2 })
    expect(faults.map(({ file, line }) => [file, line])).toEqual([
      [path, 4],
      ['-', 2],
    ])
    expect(inputs.map(({ name, rows: { valid, faulty } }) => [name, valid, faulty])).toEqual([
      [path, 1, 1],
      ['-', 1, 1],
    ])
  })

  it('an empty segment among others is no fault', async () => {
    const folder = join(temporaryFolder(), 'traces')
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.jsonl'), '')
    appendFileSync(join(folder, 'b.jsonl'), `${requestLine('a')}\n`)
    expect(await validateTrace({ inputs: [folder] })).toMatchObject({ rows: { read: 1, valid: 1 }, faultCount: 0 })
  })

  it('progress is told while reading, and can stop it', async () => {
    const path = join(fixtureFolder, 'dynamo-1.6.1-agent-run.jsonl')
    const seen: number[] = []
    await validateTrace({ inputs: [path], onProgress: ({ rows }) => seen.push(rows.read) })
    expect(seen.at(-1)).toBe(readFileSync(path, 'utf8').trimEnd().split('\n').length)
    const stop = AbortSignal.abort(new Error('enough'))
    await expect(validateTrace({ inputs: [path], signal: stop })).rejects.toThrow('enough')
  })
})

describe('what cannot be validated', () => {
  it('a path that does not exist', async () => {
    await expect(validateTrace({ inputs: ['nowhere.jsonl'] })).rejects.toMatchObject({ code: 'DYN_INPUT_NOT_FOUND' })
  })

  it.each([
    ['an empty file', ''],
    ['blank lines', '\n \n\r\n'],
  ])('%s', async (_, content) => {
    const path = join(temporaryFolder(), 'trace.jsonl')
    writeFileSync(path, content)
    await expect(validateTrace({ inputs: [path] })).rejects.toMatchObject({
      code: 'DYN_INPUT_EMPTY',
      message: `${path} holds no row`,
    })
  })
})

describe('a harness log', () => {
  it('is valid where each row is as its schema has it, among rows of Dynamo too', async () => {
    const path = join(temporaryFolder(), 'harness.jsonl')
    writeFileSync(path, [...harnessLines, requestLine('r')].join('\n'))
    expect(await validateTrace({ inputs: [path] })).toMatchObject({
      rows: { read: 14, valid: 14, faulty: 0 },
      byType: { request_end: 1 },
      harness: { session_start: 1, turn_end: 4, request_error: 3, compaction: 1, session_end: 1 },
    })
  })

  it('has its faults named like those of a trace', async () => {
    const [line = ''] = harnessLines
    const row = JSON.parse(line) as Record<string, unknown>
    const rows = [
      { ...row, event_type: 'request_end' },
      { ...row, event_time_unix_ms: 1.5 },
      { ...row, session: { reason: 'x'.repeat(300), prompt: 'hello' } },
      { ...row, agent_context: { session_id: 's' } },
    ]
    const types = ['session_start', 'turn_end', 'request_error', 'compaction', 'checkpoint', 'setting_change', 'user_wait']
    expect(await faultsIn(rows.map((faulty) => JSON.stringify(faulty)).join('\n'))).toEqual([
      `1 event_type: expected one of ${[...types, 'session_end'].map((type) => `"${type}"`).join(', ')}, found "request_end"`,
      '2 event_time_unix_ms: expected an integer, found 1.5',
      `3 session.reason: expected a text of at most 256 characters, found "${'x'.repeat(60)}…"`,
      '3 session.prompt: expected no such key, found "hello"',
      '4 agent_context.trajectory_id: expected a text, found nothing',
    ])
  })
})
