// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { Section, ShapeCase } from './cases.ts'
import { placement, timing } from './shapes.ts'

const path = '/v1/responses'
const extra = { nvext: { extra_fields: ['worker_id', 'timing'] } }
const echoed = {
  instructions: 'x',
  metadata: { a: 'b' },
  reasoning: { effort: 'low' },
  tools: [{ type: 'function', name: 'read' }],
}

/** Every key of a response but the last three, in place; a name alone is a key that can be null. */
const keys = [
  ...['background?', 'billing', 'conversation', 'created_at#', 'completed_at', 'error', 'id', 'incomplete_details'],
  ...['instructions', 'max_output_tokens#', 'max_tool_calls', 'metadata: {}', 'model: text', 'object: text'],
  ...['output: []', 'parallel_tool_calls?', 'previous_response_id', 'prompt', 'prompt_cache_key'],
  ...['prompt_cache_retention', 'reasoning', 'safety_identifier', 'service_tier: text', 'status: text'],
  ...['temperature#', 'text: {format: {type}}', 'tool_choice: text', 'tools: []', 'top_logprobs#', 'top_p#'],
  ...['truncation: text', 'usage'],
]
const last = ['presence_penalty#', 'frequency_penalty#', 'store?']
const nameOf = (key: string) => key.replace(/[#?:].*/, '')

/** What stands in place of some keys. */
type Given = Readonly<Record<string, string>>

/** @param order Whether keys that are null stand in place, or behind the others in the order of the alphabet. */
function response(given: Given, order: 'in-place' | 'nulls-last', ...rest: string[]): string {
  const all = keys.map((key) => {
    const name = nameOf(key)
    return given[name] ?? (key === name && name !== 'id' ? `${name}: null` : key.replace(': text', ''))
  })
  const isNull = (key: string) => key.endsWith(': null')
  const ordered =
    order === 'in-place' ? all : [...all.filter((key) => !isNull(key)), ...all.filter(isNull).sort()]
  return `{${[...ordered, ...last, ...rest].join(', ')}}`
}

const message = '{type, content: [{type, annotations: [], logprobs: [], text}], id, role, status}'
const call = '{type, arguments, call_id, name, id, status}'
const usage = {
  usage:
    'usage: {input_tokens#, input_tokens_details: {cached_tokens#}, output_tokens#, ' +
    'output_tokens_details: {reasoning_tokens#}, total_tokens#}',
}
const done = { completed_at: 'completed_at#', ...usage }
const cut = { incomplete_details: 'incomplete_details: {reason}', ...usage }
const output = (...items: string[]) => ({ output: `output: [${items.join(', ')}]` })
const tools = {
  tools: 'tools: [{type, name, parameters: {type, properties: {path: {type}}}, strict?, description}]',
}
const asked = {
  instructions: 'instructions',
  reasoning: 'reasoning: {effort}',
  tools: 'tools: [{type, name, strict?}]',
}

const answered = (given: Given, ...rest: string[]) =>
  since(response({ ...done, ...given, ...output(message) }, 'nulls-last', ...rest), {
    '1.4.2': response({ ...cut, ...given, ...output(message) }, 'nulls-last', ...rest),
  })

const event = (...fields: string[]) => `{type, sequence_number#, ${fields.join(', ')}}`
const place = 'item_id, output_index#'
const inPart = `${place}, content_index#`
const part = 'part: {type, annotations: [], logprobs: [], text}'
const begun = since(event(`response: ${response({}, 'nulls-last')}`), {
  '1.3.1': event(`response: ${response({}, 'in-place')}`),
})

const start = 'created, in_progress'
const text = 'output_item.added, content_part.added, output_text.delta'
const textEnd = 'output_text.done, content_part.done, output_item.done'
const callStart = 'output_item.added, function_call_arguments.delta'
const callEnd = 'function_call_arguments.done, output_item.done'
const names = (...parts: string[]) => [start, ...parts, '[DONE]'].join(', ')

const ofCalls = (name: string, fields: string): ShapeCase => ({
  title: `\`${name}\` of a tool call`,
  path,
  part: `event ${name}`,
  reply: 'two-calls',
  expected: since('none', { '1.3.1': fields }),
})
const ofText = (name: string, ...fields: string[]): ShapeCase => ({
  title: `\`${name}\``,
  path,
  part: `event ${name}`,
  expected: since(event(...fields)),
})

/** Responses, and the events of one that is streamed. */
export const responseShapes: Section<ShapeCase> = {
  title: 'Shapes of responses',
  note:
    'Keys as above, `?` marks a boolean. The answers here are cut off by their limit, which is no reason to call a ' +
    'response incomplete before 1.4. Names of events are without `response.`; those that repeat are told once.',
  cases: [
    { title: 'response', path, part: 'answer', expected: answered({}) },
    {
      title: 'response with `extra_fields`',
      path,
      part: 'answer',
      body: extra,
      expected: answered({}, `nvext: {${placement}, ${timing}}`),
    },
    {
      title: 'response that repeats what was asked',
      path,
      part: 'answer',
      body: echoed,
      expected: since(response({ ...done, ...asked, ...output(message) }, 'nulls-last'), {
        '1.4.2': response({ ...cut, ...asked, ...output(message) }, 'nulls-last'),
        '1.6.1': response({ ...cut, ...asked, ...output(message), metadata: 'metadata: {a}' }, 'nulls-last'),
      }),
    },
    {
      title: 'response with two tool calls',
      path,
      part: 'answer',
      reply: 'two-calls',
      expected: since('none', { '1.3.1': response({ ...done, ...tools, ...output(call) }, 'nulls-last') }),
    },
    {
      title: 'response with text and a tool call',
      path,
      part: 'answer',
      reply: 'one-call',
      expected: since('none', { '1.3.1': response({ ...done, ...tools, ...output(call, message) }, 'nulls-last') }),
    },
    {
      title: 'status of a response, and of its items',
      path,
      part: 'statuses',
      expected: since('completed: message completed', { '1.4.2': 'incomplete: message incomplete' }),
    },
    {
      title: 'the same with text and a tool call',
      path,
      part: 'statuses',
      reply: 'one-call',
      expected: since('none', { '1.3.1': 'completed: function_call completed, message completed' }),
    },
    {
      title: 'events of a response',
      path,
      part: 'event-names',
      expected: since(names(text, textEnd, 'completed'), { '1.4.2': names(text, textEnd, 'incomplete') }),
    },
    {
      title: 'events of a response with two tool calls',
      path,
      part: 'event-names',
      reply: 'two-calls',
      expected: since('none', {
        '1.3.1': names(callStart, callEnd, callStart, callEnd, 'completed'),
        '1.4.2': names(callStart, callStart, callEnd, callEnd, 'incomplete'),
        '1.6.1': names(callStart, callStart, callEnd, callEnd, 'completed'),
      }),
    },
    {
      title: 'events of a response with text and a tool call',
      path,
      part: 'event-names',
      reply: 'one-call',
      expected: since('none', {
        '1.3.1': names(text, callStart, callEnd, textEnd, 'completed'),
        '1.4.2': names(text, callStart, textEnd, callEnd, 'incomplete'),
        '1.6.1': names(text, callStart, callEnd, textEnd, 'completed'),
      }),
    },
    { title: '`created`', path, part: 'event created', expected: begun },
    { title: '`created` with `extra_fields`', path, part: 'event created', body: extra, expected: begun },
    { title: '`in_progress`', path, part: 'event in_progress', expected: begun },
    ofText('output_item.added', 'output_index#', 'item: {type, content: [], id, role, status}'),
    ofText('content_part.added', inPart, part),
    ofText('output_text.delta', inPart, 'delta', 'logprobs: []'),
    ofText('output_text.done', inPart, 'text', 'logprobs: []'),
    ofText('content_part.done', inPart, part),
    ofText('output_item.done', 'output_index#', `item: ${message}`),
    ofCalls('output_item.added', event('output_index#', `item: ${call}`)),
    ofCalls('function_call_arguments.delta', event(place, 'delta')),
    ofCalls('function_call_arguments.done', `{type, name, sequence_number#, ${place}, arguments}`),
    ofCalls('output_item.done', event('output_index#', `item: ${call}`)),
    {
      title: '`completed`',
      path,
      part: 'event completed',
      expected: since(event(`response: ${response({ ...done, ...output(message) }, 'nulls-last')}`), {
        '1.3.1': event(`response: ${response({ ...done, ...output(message) }, 'in-place')}`),
        '1.4.2': 'none',
      }),
    },
    {
      title: '`incomplete`',
      path,
      part: 'event incomplete',
      expected: since('none', {
        '1.4.2': event(`response: ${response({ ...cut, ...output(message) }, 'in-place')}`),
      }),
    },
    {
      title: 'headers of a response',
      path,
      part: 'headers',
      expected: since('content-type: application/json; x-request-id: as sent'),
    },
    {
      title: 'headers of a response that is streamed',
      path,
      part: 'stream-headers',
      expected: since('cache-control: no-cache; content-type: text/event-stream; x-request-id: as sent'),
    },
    {
      title: 'headers of a response that is refused',
      path,
      part: 'headers-error',
      expected: since('content-type: application/json; x-request-id: as sent'),
    },
  ],
}
