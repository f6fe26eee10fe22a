// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { ModelPath, RequestCase, Section } from './cases.ts'
import { invalid, notOfType, severalConstraints, unsupported } from './errors.ts'

const both = { guided_choice: ['a'], guided_regex: 'a' }
const shown = (changes: Partial<Record<'json' | 'regex' | 'choice' | 'grammar' | 'backend' | 'whitespace', string>>) =>
  ['json', 'regex', 'choice', 'grammar', 'backend', 'whitespace']
    .map((key) => {
      const value = changes[key as keyof typeof changes]
      return `${key === 'whitespace' ? 'whitespace_pattern' : key}: ${value === undefined ? 'None' : `Some(${value})`}`
    })
    .join(', ')
const severalOfBoth = severalConstraints(shown({ regex: '"a"', choice: '["a"]' }), 'regex, choice')
const named = severalOfBoth['1.6.1']

/** What 1.6 looks at after these constraints, and the others before. */
const before = (early: string, changes: Parameters<typeof since<string>>[1] = {}) =>
  since(early, { ...changes, '1.6.1': named })

const asked =
  (path: ModelPath) =>
  (title: string, body: Readonly<Record<string, unknown>>, expected: RequestCase['expected']): RequestCase => ({
    title: path === '/v1/completions' ? `${title}, for text` : title,
    path,
    body,
    expected,
  })
const chat = asked('/v1/chat/completions')
const text = asked('/v1/completions')

const ofEither = (row: typeof chat): RequestCase[] => [
  row('`guided_choice` and `guided_regex`', both, severalOfBoth),
  row('`guided_choice` [] and `guided_regex`', { ...both, guided_choice: [] }, since('200')),
  row('`guided_json` null and `guided_regex`', { guided_json: null, guided_regex: 'a' }, since('200')),
  row(
    '`guided_json` and an empty `guided_regex`',
    { guided_json: { a: [1, 1.5, null, true, 'b'] }, guided_regex: '' },
    severalConstraints(
      shown({
        json: 'Object {"a": Array [Number(1), Number(1.5), Null, Bool(true), String("b")]}',
        regex: '""',
      }),
      'json, regex',
    ),
  ),
  row(
    '`guided_grammar`, `guided_choice` and a backend',
    { guided_grammar: 'g', guided_choice: ['a', 'b'], guided_decoding_backend: 'x' },
    severalConstraints(shown({ choice: '["a", "b"]', grammar: '"g"', backend: '"x"' }), 'choice, grammar'),
  ),
  row(
    '`guided_regex` and `guided_whitespace_pattern`',
    { guided_regex: 'a', guided_whitespace_pattern: 'w' },
    severalConstraints(shown({ regex: '"a"', whitespace: '"w"' }), ''),
  ),
  row('both and an unknown key', { ...both, zzz: 1 }, since(unsupported('zzz'))),
  row(
    'both and `stop_token_ids` a text',
    { ...both, stop_token_ids: 'x' },
    since(unsupported('stop_token_ids'), {
      '1.3.1': invalid('`stop_token_ids` must be an array of token IDs'),
    }),
  ),
  row('both of no model', { ...both, model: '' }, before(invalid('Model cannot be empty'))),
  row('both of an unknown model', { ...both, model: 'nope' }, before('404 Model not found')),
  row(
    'both and `temperature` 9',
    { ...both, temperature: 9 },
    before(invalid('Temperature must be between 0 and 2, got 9')),
  ),
  row(
    'both and `top_k` -2',
    { ...both, top_k: -2 },
    before(invalid('Top_k must be null, -1, or greater than or equal to 1'), {
      '1.4.2': invalid('Top_k must be null or greater than or equal to -1'),
    }),
  ),
  row(
    'both and five stop texts',
    { ...both, stop: ['a', 'b', 'c', 'd', 'e'] },
    before('500 Failed to generate completions: stop conditions must be less than 4', {
      '1.3.1': '500 Failed to generate completions',
    }),
  ),
]

/** How an answer is held to a form. */
export const guided: Section<RequestCase> = {
  title: 'Guided decoding',
  note: 'Of `guided_json`, `guided_regex`, `guided_choice` and `guided_grammar` a request may use one.',
  cases: [
    ...ofEither(chat),
    chat(
      '`guided_regex` and a JSON object as `response_format`',
      { guided_regex: 'a', response_format: { type: 'json_object' } },
      severalConstraints(shown({ json: 'Object {"type": String("object")}', regex: '"a"' }), 'json, regex'),
    ),
    chat(
      '`guided_regex` and a JSON schema as `response_format`',
      {
        guided_regex: 'a',
        response_format: { type: 'json_schema', json_schema: { name: 'r', schema: { type: 'object' } } },
      },
      severalConstraints(shown({ json: 'Object {"type": String("object")}', regex: '"a"' }), 'json, regex'),
    ),
    chat(
      '`guided_json` and a JSON object as `response_format`',
      { guided_json: {}, response_format: { type: 'json_object' } },
      since('200'),
    ),
    chat(
      '`guided_grammar` 3',
      { guided_grammar: 3 },
      since(notOfType('invalid type: integer `3`, expected a string', 93)),
    ),
    ...ofEither(text),
    text('both and no prompt', { ...both, prompt: '' }, before(invalid('Prompt string cannot be empty'))),
    text(
      'both and `add_generation_prompt`',
      { ...both, add_generation_prompt: true },
      before(unsupported('add_generation_prompt'), {
        '1.5.1': invalid(
          '`add_generation_prompt` and `continue_final_message` are only supported on /v1/chat/completions',
        ),
      }),
    ),
    text(
      'both and 129 prompts',
      { ...both, prompt: Array<string>(129).fill('x') },
      before(invalid('Total choices (batch_size × n = 129 × 1 = 129) exceeds maximum of 128')),
    ),
  ],
}
