// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { chatCompletions } from '../../src/endpoints/chat-completions/chat-completions.ts'
import { generations } from '../../src/generation.ts'
import { readRequest } from '../../src/request/read-request.ts'

const base = { model: 'tiny', messages: [{ role: 'user', content: 'x' }] }
const prefix = 'Failed to deserialize the JSON body into the target type: '

function messageFor(body: unknown, generation: '1.2' | '1.3+'): string | undefined {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const scope = { traits: generations[generation], serves: () => true }
  const read = readRequest(text, chatCompletions.bodyRules, scope)
  if (read.accepted) return undefined
  expect(read.reply.status).toBe(400)
  return read.reply.headers['content-type'] === 'application/json'
    ? (JSON.parse(read.reply.body) as { message: string }).message
    : read.reply.body
}

const hints = (agentHints: unknown) => ({ ...base, nvext: { agent_hints: agentHints } })

describe('hints', () => {
  test.each([
    ['all four keys', { priority: 1, osl: 2, strict_priority: 3, speculative_prefill: true }],
    ['latency_sensitivity', { latency_sensitivity: 1 }],
    ['a negative priority', { priority: -3 }],
    ['null', { priority: null }],
  ])('%s are taken by both generations', (_, value) => {
    expect(messageFor(hints(value), '1.2')).toBeUndefined()
    expect(messageFor(hints(value), '1.3+')).toBeUndefined()
  })

  test.each<[string, unknown, string, string]>([
    [
      'a fractional priority',
      { priority: 1.5 },
      'invalid type: floating point `1.5`, expected i32',
      'nvext.agent_hints.priority',
    ],
    ['a negative osl', { osl: -4 }, 'invalid value: integer `-4`, expected u32', 'nvext.agent_hints.osl'],
    [
      'a priority in words',
      { priority: 'high' },
      'invalid type: string "high", expected i32',
      'nvext.agent_hints.priority',
    ],
    ['hints in words', 'high', 'invalid type: string "high", expected struct AgentHints', 'nvext.agent_hints'],
  ])('%s is refused by both; 1.2 names the path', (_, value, ...[problem, path]) => {
    const text = JSON.stringify(hints(value))
    const column = text.length - (typeof value === 'string' ? 2 : 3)
    expect(messageFor(text, '1.2')).toBe(`${prefix}${path}: ${problem} at line 1 column ${column}`)
    expect(messageFor(text, '1.3+')).toBe(`${prefix}${problem} at line 1 column ${column}`)
  })

  test('a negative strict priority is refused by 1.3+ and unknown to 1.2', () => {
    expect(messageFor(hints({ strict_priority: -1 }), '1.3+')).toMatch('invalid value: integer `-1`, expected u32')
    expect(messageFor(hints({ strict_priority: -1 }), '1.2')).toBeUndefined()
  })
})

describe('nvext', () => {
  test.each([
    ['nothing', {}],
    ['unknown extra fields', { extra_fields: ['zzz'] }],
    ['a salt and a time', { cache_salt: 'x', request_timestamp_ms: 1.5 }],
  ])('%s is taken by 1.3+', (_, nvext) => {
    expect(messageFor({ ...base, nvext }, '1.3+')).toBeUndefined()
  })

  test.each(['cache_control', 'session_control', 'session_params', 'zzz'])(
    '%s is refused by 1.3+, ignored by 1.2',
    (key) => {
      const body = { ...base, nvext: { [key]: {} } }
      expect(messageFor(body, '1.3+')).toMatch(
        `${prefix}unknown field \`${key}\`, expected one of \`greed_sampling\`, `,
      )
      expect(messageFor(body, '1.2')).toBeUndefined()
    },
  )

  test.each([
    ['without an id', { session_type_id: 'a', session_id: 'b' }, 'missing field `trajectory_id`'],
    ['with a blank id', { session_type_id: 'a', session_id: ' ', trajectory_id: 'c' }, 'must be non-empty'],
  ])('a context %s is refused by 1.2', (_, agent_context, problem) => {
    expect(messageFor({ ...base, nvext: { agent_context } }, '1.2')).toMatch(problem)
  })
})

describe('bodies', () => {
  test('that are not JSON are refused in plain text by 1.2, in JSON by 1.3+', () => {
    expect(messageFor('{nope', '1.2')).toBe(
      'Failed to parse the request body as JSON: key must be a string at line 1 column 2',
    )
    expect(messageFor('{nope', '1.3+')).toBe(`${prefix}key must be a string at line 1 column 2`)
  })

  test('without messages are refused so that a client can tell the generations apart', () => {
    const body = {
      model: 'no-such',
      nvext: { agent_context: { session_type_id: 'p', session_id: 'p', trajectory_id: 'p' } },
    }
    expect(messageFor(body, '1.2')).toMatch('missing field `messages`')
    expect(messageFor(body, '1.3+')).toMatch('unknown field `agent_context`')
  })

  test.each([
    ['unknown keys', { zzz: 1, yyy: 2 }, 'Unsupported parameter(s): `zzz`, `yyy`'],
    ['a temperature', { temperature: 9 }, 'Temperature must be between 0 and 2, got 9'],
    ['no messages', { messages: [] }, "The 'messages' field cannot be empty. At least one message is required."],
    ['too many choices', { n: 129 }, 'n must be between 1 and 128, got 129'],
    [
      'stream options without a stream',
      { stream_options: { include_usage: true } },
      "The 'stream_options' field is only allowed when 'stream' is set to true.",
    ],
    ['no tokens', { max_tokens: 0 }, 'Max tokens must be greater than 0, got 0'],
  ])('with %s break a rule', (_, body, problem) => {
    expect(messageFor({ ...base, ...body }, '1.2')).toBe(`Validation: ${problem}`)
    expect(messageFor({ ...base, ...body }, '1.3+')).toBe(`Validation: ${problem}`)
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a temperature in words', { temperature: 'hot' }, 'invalid type: string "hot", expected f32'],
    ['a negative limit', { max_tokens: -1 }, 'invalid value: integer `-1`, expected u32'],
    [
      'a role nobody has',
      { messages: [{ role: 'zzz', content: 'x' }] },
      'unknown variant `zzz`, expected one of `developer`',
    ],
    ['a tool result of no call', { messages: [{ role: 'tool', content: 'x' }] }, 'missing field `tool_call_id`'],
    ['stop that is a number', { stop: 3 }, 'data did not match any variant of untagged enum Stop'],
  ])('with %s are refused at their end', (_, body, problem) => {
    const text = JSON.stringify({ ...base, ...body })
    const expected = `${prefix}${problem}`
    for (const generation of ['1.2', '1.3+'] as const) {
      expect(messageFor(text, generation)).toMatch(expected)
      expect(messageFor(text, generation)).toMatch(` at line 1 column ${text.length}`)
    }
  })

  test.each<[string, Record<string, unknown>, string | undefined, string | undefined]>([
    ['thinking', { thinking: { type: 'enabled' } }, 'Unsupported parameter(s): `thinking`', undefined],
    ['prompt_cache_key', { prompt_cache_key: 'k' }, 'Unsupported parameter(s): `prompt_cache_key`', undefined],
    [
      'an empty list of tools',
      { tools: [] },
      undefined,
      'tools array cannot be empty; omit the field entirely to disable tool use',
    ],
    [
      'a tool choice without tools',
      { tool_choice: 'required' },
      undefined,
      'tool_choice is "required" but tools is empty',
    ],
    ['top_k 0', { top_k: 0 }, 'Top_k must be null, -1, or greater than or equal to 1', undefined],
  ])('with %s are answered by 1.2 and by 1.3+ in their own ways', (_, body, ...[early, late]) => {
    const validation = (problem: string | undefined) => problem && `Validation: ${problem}`
    expect(messageFor({ ...base, ...body }, '1.2')).toBe(validation(early))
    expect(messageFor({ ...base, ...body }, '1.3+')).toBe(validation(late))
  })

  test.each([
    ['a key twice', '{"model":"m","model":"m","messages":[]}', 'duplicate field `model` at line 1 column 39'],
    ['a name of every object twice', '{"constructor":{"a":1,"a":2}}', 'missing field `messages`'],
    ['more inside each other than Dynamo reads', '['.repeat(100_000) + ']'.repeat(100_000), 'recursion limit exceeded'],
  ])('with %s are refused', (_, text, problem) => {
    expect(messageFor(text, '1.3+')).toMatch(prefix + problem)
  })

  test.each([
    '[]',
    '3',
    '{"model":"tiny"}',
    '{"messages":[]}',
    '{"model":3,"messages":[]}',
    '{"model":"m","messages":[3]}',
  ])('%s is no chat completion', (text) => {
    expect(messageFor(text, '1.3+')).toMatch(prefix)
  })
})
