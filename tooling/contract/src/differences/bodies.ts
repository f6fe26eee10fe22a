// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import { invalid, noTokens, notJson, notJsonAt, notOfType, unknownNvextKey, unsupported, wrongType } from './errors.ts'
import type { RequestCase, Section } from './cases.ts'
import { requestCases } from './request-cases.ts'

const { body } = requestCases('/v1/chat/completions')

const emptyMessages = invalid("The 'messages' field cannot be empty. At least one message is required.")

const noModel = invalid('Model cannot be empty')
const whole = '{"model":"tiny","messages":[{"role":"user","content":"x"}],"max_tokens":2}'
/** JSON.stringify escapes half a surrogate pair. */
const says = (content: string) => ({ messages: [{ role: 'user', content }] })

/** Bodies that are refused, or of which one would think so. */
export const bodies: Section<RequestCase> = {
  title: 'Bodies',
  note: 'Errors have `message`, `type` and `code` at the top, not inside `error`.',
  cases: [
    body(
      'not JSON',
      '{nope',
      since(notJson('key must be a string', 2), {
        '1.3.1': notOfType('key must be a string', 2),
      }),
    ),
    body(
      'empty',
      '',
      since(notJson('EOF while parsing a value', 0), {
        '1.3.1': notOfType('EOF while parsing a value', 0),
      }),
    ),
    body(
      'cut off',
      '{"model":"tiny","messages":[',
      since(notJson('messages: EOF while parsing a list', 28), {
        '1.3.1': notOfType('EOF while parsing a list', 28),
      }),
    ),
    body('a list', '[]', since(notOfType('invalid type: sequence, expected struct NvCreateChatCompletionRequest', 0))),
    body(
      'a number',
      '3',
      since(notOfType('invalid type: integer `3`, expected struct NvCreateChatCompletionRequest', 1)),
    ),
    body('without `messages`', '{"model":"tiny"}', since(notOfType('missing field `messages`', 16))),
    body(
      'without `model`',
      '{"messages":[{"role":"user","content":"x"}]}',
      since(notOfType('missing field `model`', 44)),
    ),
    body('without both', '{}', since(notOfType('missing field `messages`', 2))),
    body(
      'the probe for the generation: `agent_context`, no `messages`',
      '{"model":"no-such-model","nvext":{"agent_context":{"session_type_id":"p","session_id":"p","trajectory_id":"p"}}}',
      since(notOfType('missing field `messages`', 112), {
        '1.3.1': unknownNvextKey('agent_context', 49),
      }),
    ),
    body('no messages', { messages: [] }, since(emptyMessages)),
    body('`messages` a text', { messages: 'x' }, since(notOfType('invalid type: string "x", expected a sequence', 46))),
    body('`messages` null', { messages: null }, since(notOfType('invalid type: null, expected a sequence', 47))),
    body('`model` a number', { model: 3 }, since(notOfType('invalid type: integer `3`, expected a string', 69))),
    body('`stream` a text', { stream: 'yes' }, since(notOfType('invalid type: string "yes", expected a boolean', 89))),
    body('an unknown model', { model: 'nope' }, since('404 Model not found')),
    body('an unknown model, streamed', { model: 'nope', stream: true }, since('404 Model not found')),
    body('an unknown model and an unknown key', { model: 'nope', zzz: 1 }, since(unsupported('zzz'))),
    body(
      'an unknown model and a bad temperature',
      { model: 'nope', temperature: 9 },
      since(invalid('Temperature must be between 0 and 2, got 9')),
    ),
    body('an unknown key', { zzz: 1 }, since(unsupported('zzz'))),
    body('an unknown key and a bad temperature', { zzz: 1, temperature: 9 }, since(unsupported('zzz'))),
    body('an unknown key that is null', { zzz: null }, since(unsupported('zzz'))),
    body('`temperature` 9', { temperature: 9 }, since(invalid('Temperature must be between 0 and 2, got 9'))),
    body(
      '`temperature` a text',
      { temperature: 'hot' },
      since(notOfType('invalid type: string "hot", expected f32', 94)),
    ),
    body('`top_p` 2', { top_p: 2 }, since(invalid('Top_p must be between 0 and 1, got 2'))),
    body(
      '`frequency_penalty` 3',
      { frequency_penalty: 3 },
      since(invalid('Frequency penalty must be between -2 and 2, got 3')),
    ),
    body(
      '`presence_penalty` -3',
      { presence_penalty: -3 },
      since(invalid('Presence penalty must be between -2 and 2, got -3')),
    ),
    body('`n` 0', { n: 0 }, since(invalid('n must be between 1 and 128, got 0'))),
    body('`n` 129', { n: 129 }, since(invalid('n must be between 1 and 128, got 129'))),
    body('`n` 2', { n: 2 }, since('200')),
    {
      ...body(
        '`max_tokens` 0',
        { max_tokens: 0 },
        since('no answer', { '1.4.2': invalid('Max tokens must be greater than 0, got 0') }),
      ),
      ours: noTokens('Max tokens must be greater than 0, got 0'),
    },
    body('`max_tokens` -1', { max_tokens: -1 }, since(notOfType('invalid value: integer `-1`, expected u32', 75))),
    body(
      '`max_completion_tokens` 0',
      { max_completion_tokens: 0 },
      since(invalid('Max completion tokens must be greater than 0, got 0')),
    ),
    body(
      '`stream_options` without `stream`',
      { stream_options: { include_usage: true } },
      since(invalid("The 'stream_options' field is only allowed when 'stream' is set to true.")),
    ),
    body(
      '`stop` with five texts',
      { stop: ['a', 'b', 'c', 'd', 'e'] },
      since('500 Failed to generate completions: stop conditions must be less than 4', {
        '1.3.1': '500 Failed to generate completions',
        '1.6.1': '200',
      }),
    ),
    {
      title: 'no `content-type`',
      headers: { 'content-type': '' },
      expected: since('415 text/plain; charset=utf-8: Expected request with `Content-Type: application/json`', {
        '1.3.1': '415 Expected request with Content-Type application/json',
      }),
    },
    {
      title: '`content-type: text/plain`',
      headers: { 'content-type': 'text/plain' },
      expected: since('415 text/plain; charset=utf-8: Expected request with `Content-Type: application/json`', {
        '1.3.1': '415 Expected request with Content-Type application/json',
      }),
    },
    body('`model` null', { model: null }, since(notOfType('invalid type: null, expected a string', 72))),
    body('`stream` {}', { stream: {} }, since(notOfType('invalid type: map, expected a boolean', 86))),
    body('`messages` {}', { messages: {} }, since(notOfType('invalid type: map, expected a sequence', 45))),
    body('no `model`: an empty text', { model: '' }, since(noModel)),
    body('no `model`: a blank', { model: ' ' }, since(noModel)),
    body('no `model` and an unknown key', { model: '', zzz: 1 }, since(unsupported('zzz'))),
    body('no `model` and no messages', { model: '', messages: [] }, since(emptyMessages)),
    body('no `model` and `frequency_penalty` 3', { model: '', frequency_penalty: 3 }, since(noModel)),
    body(
      'no `model` and `cache_salt` 3',
      { model: '', cache_salt: 3 },
      since(unsupported('cache_salt'), { '1.3.1': invalid('`cache_salt` must be a string') }),
    ),
    body('JSON and more', `${whole} x`, since('200', { '1.3.1': notOfType('trailing characters', 76) })),
    body('JSON twice', whole + whole, since('200', { '1.3.1': notOfType('trailing characters', 75) })),
    body('JSON and blanks', `${whole} \n`, since('200')),
    body(
      'JSON of a wrong type and more',
      `${whole.replace('2}', '"2"}')} x`,
      since(notOfType('invalid type: string "2", expected u32', 76)),
    ),
    body('half a surrogate pair', says('\ud800'), notJsonAt('messages[0].content', 'unexpected end of hex escape', 61)),
    body(
      'half a surrogate pair before a line break',
      says('\ud800\n'),
      notJsonAt('messages[0].content', 'unexpected end of hex escape', 62),
    ),
    body(
      'the other half of a surrogate pair',
      says('\udc00'),
      notJsonAt('messages[0].content', 'lone leading surrogate in hex escape', 60),
    ),
    body(
      'half a surrogate pair twice',
      says('\ud800\ud800'),
      notJsonAt('messages[0].content', 'lone leading surrogate in hex escape', 66),
    ),
    body(
      'half a surrogate pair in a list',
      { nvext: { extra_fields: ['\ud800'] } },
      notJsonAt('nvext.extra_fields[0]', 'unexpected end of hex escape', 107),
    ),
    body('half a surrogate pair in a key', { '\ud800': 1 }, notJsonAt('', 'unexpected end of hex escape', 82)),
    body('a whole surrogate pair, escaped', whole.replace('"x"', '"\\ud83d\\ude00"'), since('200')),
    body('what only looks like half of one', says('\\ud800'), since('200')),
    body('null', 'null', since(notOfType('invalid type: null, expected struct NvCreateChatCompletionRequest', 4))),
    body(
      'a text',
      '"x"',
      since(notOfType('invalid type: string "x", expected struct NvCreateChatCompletionRequest', 3)),
    ),
    body(
      'cut off inside hints',
      '{"model":"tiny","messages":[{"role":"user","content":"x"}],"nvext":{"agent_hints":{',
      since(notJson('nvext.agent_hints.?: EOF while parsing an object', 83), {
        '1.3.1': notOfType('EOF while parsing an object', 83),
      }),
    ),
    body(
      'a comma too many',
      '{"model":"tiny","messages":[{"role":"user",]}',
      since(notJson('messages[0].?: key must be a string', 44), {
        '1.3.1': notOfType('key must be a string', 44),
      }),
    ),
    body(
      'a comma too few',
      '{"model":"tiny" "x"}',
      since(notJson('expected `,` or `}`', 17), {
        '1.3.1': notOfType('expected `,` or `}`', 17),
      }),
    ),
    body(
      'a key twice',
      '{"model":"tiny","model":"tiny","messages":[]}',
      since(notOfType('duplicate field `model`', 45)),
    ),
    body(
      'two wrong types',
      { temperature: 'x', nvext: 3 },
      wrongType('nvext', 'invalid type: integer `3`, expected struct NvExt', 101),
    ),
    body('no messages and an unknown key', { messages: [], zzz: 1 }, since(emptyMessages)),
    body(
      '`stream_options` without `stream` and an unknown key',
      { stream_options: { include_usage: true }, zzz: 1 },
      since(invalid("The 'stream_options' field is only allowed when 'stream' is set to true.")),
    ),
    body(
      '`frequency_penalty` 3 and `max_completion_tokens` 0',
      { frequency_penalty: 3, max_completion_tokens: 0 },
      since(invalid('Frequency penalty must be between -2 and 2, got 3')),
    ),
    {
      title: '`content-type: application/json; charset=utf-8`',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      expected: since('200'),
    },
    {
      title: '`content-type: application/vnd.api+json`',
      headers: { 'content-type': 'application/vnd.api+json' },
      expected: since('200'),
    },
  ],
}
