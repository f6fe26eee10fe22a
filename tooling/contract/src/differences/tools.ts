// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { RequestCase, Section } from './cases.ts'
import { badToolName, invalid, notOfType } from './errors.ts'

type Tool = Readonly<Record<string, unknown>>

/** A body, with the functions that it offers. */
type Offer = Readonly<Record<string, unknown>> & { readonly tools: readonly Tool[] }

const chat = (title: string, offer: Offer, expected: RequestCase['expected']): RequestCase => ({
  title,
  body: { ...offer, tools: offer.tools.map((tool) => ({ type: 'function', function: tool })) },
  expected,
})
const response = (title: string, offer: Offer, expected: RequestCase['expected']): RequestCase => ({
  title: `${title}, of a response`,
  path: '/v1/responses',
  body: {
    ...offer,
    tools: offer.tools.map((tool) => ({ type: 'function', parameters: { type: 'object', properties: {} }, ...tool })),
  },
  expected,
})
const named = (title: string, name: unknown, expected: RequestCase['expected']) =>
  chat(title, { tools: [{ name }] }, expected)

const strict = { name: 's', parameters: { type: 'object' }, strict: true }
const openSchema = "Invalid schema for function 's': In context=#, object schemas require additionalProperties: false"
const badName = (name: string) => since('200', { '1.3.1': invalid(badToolName(0, name)) })
const badNameOfResponse = (name: string) => since('200', { '1.4.2': `400 ${badToolName(0, name)}` })
const empty = 'Function name at index 0 cannot be empty'
const tooLong = (limit: number, length: number) =>
  invalid(`Function name at index 0 exceeds ${limit} character limit, got ${length} characters`)

/** What a tool may be called. */
export const tools: Section<RequestCase> = {
  title: 'Names of tools',
  note: 'Lengths are in bytes. Of several tools the first that has a fault is told.',
  cases: [
    named('`a-b_C9`', 'a-b_C9', since('200')),
    named('`a b c!`', 'a b c!', badName('a b c!')),
    named('`a.b`', 'a.b', badName('a.b')),
    named('`ü`', 'ü', badName('ü')),
    named('quotes and a line break', '"\\\n', badName('"\\\n')),
    named('empty', '', since(invalid(empty))),
    named('a blank', ' ', since(invalid(empty))),
    named('3', 3, since(notOfType('invalid type: integer `3`, expected a string', 126))),
    named('null', null, since(notOfType('invalid type: null, expected a string', 129))),
    named('96 characters', 'x'.repeat(96), since('200')),
    named('97 characters', 'x'.repeat(97), since(tooLong(96, 97), { '1.4.2': '200' })),
    named('128 characters', 'x'.repeat(128), since(tooLong(96, 128), { '1.4.2': '200' })),
    named('129 characters', 'x'.repeat(129), since(tooLong(96, 129), { '1.4.2': tooLong(128, 129) })),
    named('97 of two bytes', 'ü'.repeat(97), since(tooLong(96, 194), { '1.4.2': tooLong(128, 194) })),
    chat('the same twice', { tools: [{ name: 'a' }, { name: 'a' }] }, since('200')),
    chat(
      'bad, after bad parameters',
      { tools: [{ name: 'a', parameters: 'x' }, { name: 'a b' }] },
      since('200', {
        '1.3.1': invalid(badToolName(1, 'a b')),
        '1.5.1': invalid('Function parameters at index 0 for "a" must be a JSON Schema object'),
      }),
    ),
    chat(
      'bad, after an open schema that is `strict`',
      { tools: [strict, { name: 'a b' }] },
      since('200', { '1.3.1': invalid(badToolName(1, 'a b')), '1.6.1': invalid(openSchema) }),
    ),
    chat(
      'good, but bad parameters after an open schema that is `strict`',
      { tools: [strict, { name: 'p', parameters: 'x' }] },
      since('200', {
        '1.5.1': invalid('Function parameters at index 1 for "p" must be a JSON Schema object'),
        '1.6.1': invalid(openSchema),
      }),
    ),
    chat('bad, with bad parameters', { tools: [{ name: 'a b', parameters: 'x' }] }, badName('a b')),
    chat('empty, of an unknown model', { tools: [{ name: '' }], model: 'nope' }, since(invalid(empty))),
    chat(
      'empty, and `top_p` 9',
      { tools: [{ name: '' }], top_p: 9 },
      since(invalid('Top_p must be between 0 and 1, got 9')),
    ),
    chat(
      'empty, and `repetition_penalty` 9',
      { tools: [{ name: '' }], repetition_penalty: 9 },
      since(invalid(empty)),
    ),
    response('`a b c!`', { tools: [{ name: 'a b c!' }] }, badNameOfResponse('a b c!')),
    response('empty', { tools: [{ name: '' }] }, since('200', { '1.4.2': `400 ${empty}` })),
    response(
      'bad, after bad parameters',
      { tools: [{ name: 'a', parameters: 'x' }, { name: 'a b' }] },
      since('200', {
        '1.4.2': `400 ${badToolName(1, 'a b')}`,
        '1.5.1': '400 Function parameters at index 0 for "a" must be a JSON Schema object',
      }),
    ),
    response(
      'bad, before an open schema that is `strict`',
      { tools: [{ name: 'a b' }, strict] },
      since('200', {
        '1.4.2': `400 ${badToolName(0, 'a b')}`,
        '1.6.1': `400 Failed to convert responses request: ${openSchema}`,
      }),
    ),
    response(
      'bad, of no model',
      { tools: [{ name: 'a b' }], model: ' ' },
      since('404 Model not found', { '1.4.2': '400 Model cannot be empty' }),
    ),
    response(
      'bad, and a choice of another one',
      { tools: [{ name: 'a b' }], tool_choice: { type: 'function', name: 'zzz' } },
      since('200', {
        '1.3.1': '400 tool `zzz` was not provided in `tools`',
        '1.4.2': `400 ${badToolName(0, 'a b')}`,
      }),
    ),
  ],
}
