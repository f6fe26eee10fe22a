// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { RequestCase, Section } from './cases.ts'
import { invalid, noVariant, notJson, notOfType } from './errors.ts'
import { requestCases } from './request-cases.ts'

const { body } = requestCases('/v1/responses')
const items = (title: string, input: readonly unknown[], expected: RequestCase['expected']): RequestCase =>
  body(title, { input }, expected)

const user = { role: 'user', content: 'x' }
const said = [{ type: 'output_text', text: 'y', annotations: [] }]
const call = { type: 'function_call', call_id: 'c', name: 'read', arguments: '{}' }
const answered = { type: 'message', id: 'm', status: 'completed', role: 'assistant', content: said }
const custom = { type: 'custom_tool_call', call_id: 'c', name: 'n', input: 'i' }
const result = { type: 'function_call_output', call_id: 'c', output: 'y' }

/** No item is like this: which one, and why, is never said. */
const noItem = (column: number) =>
  since(noVariant('InputParam', column), { '1.5.1': noVariant('InputItemWire', column) })
const noInput = (column: number) =>
  since(noVariant('InputParam', column), {
    '1.5.1': notOfType('input must be a string or an array of input items', column),
  })
const badArguments = (index: number, problem = '') =>
  `400 \`messages[1].tool_calls[${index}].function.arguments\` must be a valid JSON object string${problem}`

/** What a response may answer to. */
export const responseInput: Section<RequestCase> = {
  title: 'Input of a response',
  note: 'What stands in `input`. Items of an answer become one message of the assistant again.',
  cases: [
    body('a text', { input: 'x' }, since('200')),
    body('an empty text', { input: '' }, since('200')),
    body(
      'JSON and more',
      '{"model":"tiny","input":"x","max_output_tokens":2} x',
      since('200', { '1.5.1': notOfType('trailing characters', 52) }),
    ),
    body(
      'half a surrogate pair',
      { input: '\ud800' },
      since(notJson('input: unexpected end of hex escape', 32), {
        '1.5.1': notOfType('unexpected end of hex escape', 32),
      }),
    ),
    items('no items', [], since('200', { '1.4.2': '400 Messages array cannot be empty' })),
    body('no items, but instructions', { input: [], instructions: 'x' }, since('200')),
    body('a number', { input: 3 }, noInput(48)),
    body('null', { input: null }, noInput(51)),
    body('an object', { input: {} }, noInput(49)),
    items('an item that is a text', ['x'], noItem(52)),
    items('an item that is null', [null], noItem(53)),
    items('an item {}', [{}], noItem(51)),
    items('an item of an unknown type', [{ type: 'zzz' }], noItem(63)),
    items('a message', [user], since('200')),
    items('a message with its type', [{ type: 'message', role: 'user', content: 'x' }], since('200')),
    items('a message with an unknown key', [{ role: 'user', content: 'x', zzz: 1 }], since('200')),
    items('a message of the system', [{ role: 'system', content: 'x' }], since('200')),
    items('a message of the developer', [{ role: 'developer', content: 'x' }], since('200')),
    items('a message of a tool', [{ role: 'tool', content: 'x' }], noItem(78)),
    items('a message of an unknown role', [{ role: 'zzz', content: 'x' }], noItem(77)),
    items('a message without role', [{ content: 'x' }], noItem(64)),
    items('a message without content', [{ role: 'user' }], noItem(64)),
    items('content null', [{ role: 'user', content: null }], noItem(79)),
    items('content 3', [{ role: 'user', content: 3 }], noItem(76)),
    items('content []', [{ role: 'user', content: [] }], since('200')),
    items(
      'parts of text',
      [{ role: 'user', content: [{ type: 'input_text', text: 'x' }, { type: 'input_text', text: 'y' }] }],
      since('200'),
    ),
    items(
      'parts of text as chat completions have them',
      [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
      noItem(103),
    ),
    items('a part without text', [{ role: 'user', content: [{ type: 'input_text' }] }], noItem(98)),
    items(
      'an image without address',
      [{ role: 'user', content: [{ type: 'input_image' }] }],
      since(noVariant('InputParam', 99), {
        '1.3.1': '501 Validation: Failed to convert responses request: input_image requires image_url',
        '1.4.2': '400 Failed to convert responses request: input_image requires file_id or image_url',
      }),
    ),
    items(
      'a file',
      [{ role: 'user', content: [{ type: 'input_file', file_id: 'f' }] }],
      since('200', {
        '1.3.1': '501 Validation: Failed to convert responses request: File input content is not yet supported',
        '1.5.1': invalid('Failed to convert responses request: File input content is not yet supported'),
      }),
    ),
    items('an answer', [user, { role: 'assistant', content: 'y' }, user], since('200')),
    items(
      'an answer as it was given',
      [user, { type: 'message', id: 'msg_1', status: 'completed', role: 'assistant', content: said }, user],
      since('200'),
    ),
    items(
      'an answer without id and status',
      [user, { type: 'message', role: 'assistant', content: said }],
      since('200'),
    ),
    items('an answer without type', [user, { role: 'assistant', content: said }], noItem(162)),
    items(
      'an answer of an unknown status',
      [user, { type: 'message', id: 'm', status: 'zzz', role: 'assistant', content: said }],
      noItem(203),
    ),
    items(
      'an answer that refuses',
      [user, { ...answered, content: [{ type: 'refusal', refusal: 'no' }] }],
      since('200'),
    ),
    items('what an answer has, said by a user', [{ role: 'user', content: said }], noItem(127)),
    items('a tool call', [user, call], since('200')),
    items('a tool call and its result', [user, call, result], since('200')),
    items('a tool call as it was given', [user, { ...call, id: 'fc_1', status: 'completed' }, result], since('200')),
    items('a tool call without `call_id`', [{ type: 'function_call', name: 'read', arguments: '{}' }], noItem(104)),
    items('a tool call without `name`', [{ type: 'function_call', call_id: 'c', arguments: '{}' }], noItem(104)),
    items('a tool call without `arguments`', [{ type: 'function_call', call_id: 'c', name: 'read' }], noItem(101)),
    items(
      'a tool call with an object as `arguments`',
      [{ type: 'function_call', call_id: 'c', name: 'read', arguments: {} }],
      noItem(116),
    ),
    items(
      'a tool call whose `arguments` are not JSON',
      [user, { ...call, arguments: 'nope' }],
      since('200', { '1.4.2': badArguments(0, ': expected ident at line 1 column 2') }),
    ),
    items(
      'a tool call whose `arguments` are a list',
      [user, { ...call, arguments: '[1]' }],
      since('200', { '1.4.2': badArguments(0) }),
    ),
    items('a tool call whose `arguments` are empty', [user, { ...call, arguments: '' }], since('200')),
    items(
      'the second of two tool calls after a text, not JSON',
      [user, { role: 'assistant', content: 'y' }, call, { ...call, arguments: '{"a":' }],
      since('200', { '1.4.2': badArguments(1, ': EOF while parsing a value at line 1 column 5') }),
    ),
    items('a result alone', [result], since('200')),
    items(
      'a result in parts',
      [user, call, { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'y' }] }],
      since('200'),
    ),
    items('a result without `output`', [{ type: 'function_call_output', call_id: 'c' }], noItem(94)),
    items('a result 3', [{ type: 'function_call_output', call_id: 'c', output: 3 }], noItem(105)),
    items(
      'reasoning',
      [user, { type: 'reasoning', id: 'r', summary: [] }, { role: 'assistant', content: 'y' }, user],
      since('200'),
    ),
    items(
      'reasoning with text',
      [user, { type: 'reasoning', id: 'r', summary: [], content: [{ type: 'reasoning_text', text: 't' }] }, user],
      since('200'),
    ),
    items(
      'reasoning that is encrypted',
      [user, { type: 'reasoning', id: 'r', summary: [], encrypted_content: 'e' }, user],
      since('200'),
    ),
    items(
      'reasoning without id',
      [user, { type: 'reasoning', summary: [] }],
      since(noVariant('InputParam', 112), { '1.3.1': '200' }),
    ),
    items(
      'reasoning without summary',
      [user, { type: 'reasoning', id: 'r' }],
      since(noVariant('InputParam', 108), { '1.3.1': '200' }),
    ),
    items('reasoning whose summary is a text', [user, { type: 'reasoning', id: 'r', summary: 'x' }], noItem(122)),
    items('reasoning alone', [{ type: 'reasoning', id: 'r', summary: [] }], since('200')),
    items('a reference', [user, { type: 'item_reference', id: 'm' }], since('200')),
    items(
      'a reference alone',
      [{ type: 'item_reference', id: 'm' }],
      since('200', { '1.4.2': '400 Messages array cannot be empty' }),
    ),
    items('a reference without id', [{ type: 'item_reference' }], noItem(74)),
    items('an id alone', [user, { id: 'm' }], since('200')),
    items(
      'a call of a custom tool',
      [user, { ...custom, id: 'i' }, { type: 'custom_tool_call_output', call_id: 'c', output: 'o' }],
      since('200'),
    ),
    items(
      'a call of a custom tool without id',
      [user, custom],
      noItem(143),
    ),
    items(
      'a web search',
      [user, { type: 'web_search_call', id: 'w', status: 'completed', action: { type: 'search', query: 'q' } }],
      since('200'),
    ),
    items('a web search without id', [user, { type: 'web_search_call' }], noItem(105)),
  ],
}
