// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import { invalid, noVariant, notOfType } from './errors.ts'
import type { RequestCase, Section } from './cases.ts'
import { requestCases } from './request-cases.ts'

const { body } = requestCases('/v1/chat/completions')
const says = (title: string, message: unknown, expected: RequestCase['expected']) =>
  body(title, { messages: [message] }, expected)
const user = { role: 'user', content: 'x' }
const call = { id: 'call-1', type: 'function', function: { name: 'read', arguments: '{}' } }

/** A tool call that comes back in a conversation, with the arguments that the model wrote. */
const written = (how: string, text: unknown, expected: RequestCase['expected']) =>
  body(
    `tool call \`arguments\` ${how}`,
    {
      messages: [
        user,
        { role: 'assistant', content: null, tool_calls: [{ ...call, function: { name: 'read', arguments: text } }] },
        { role: 'tool', tool_call_id: 'call-1', content: 'y' },
      ],
    },
    expected,
  )
const badArguments = (problem = '') =>
  since('200', {
    '1.3.1': invalid(`\`messages[1].tool_calls[0].function.arguments\` must be a valid JSON object string${problem}`),
  })
const userContent = (column: number) => noVariant('ChatCompletionRequestUserMessageContent', column)
const wrongPart = (column: number) => since(userContent(column))
/** 1.4 and later take a part without address, because it may name what the server has, and miss both later. */
const noAddress = (column: number, type: string) =>
  since(userContent(column), {
    '1.4.2': `400 ${type} part has neither \`url\` nor \`uuid\`; at least one is required`,
    '1.6.1': '400 Invalid request',
  })
const part = (title: string, content: object, expected: RequestCase['expected']) =>
  says(`a part: ${title}`, { role: 'user', content: [content] }, expected)
const image = (url: string, expected: RequestCase['expected']) =>
  part(`an image at “${url}”`, { type: 'image_url', image_url: { url } }, expected)
const sound = (format: string) => ({ type: 'input_audio', input_audio: { data: 'x', format } })
const tool = (how: string, changes: object, later: Parameters<typeof since<string>>[1] = {}) =>
  body(
    `a tool ${how}`,
    { tools: [{ type: 'function', function: { name: 'read', ...changes } }] },
    since('200', later),
  )

/** Messages as agents send them. */
export const messages: Section<RequestCase> = {
  title: 'Messages',
  note: 'What stands in `messages` and `tools`, in the forms that agents send.',
  cases: [
    says('content as a list of parts', { role: 'user', content: [{ type: 'text', text: 'x' }] }, since('200')),
    says(
      'content parts with `cache_control`',
      { role: 'user', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] },
      since('200'),
    ),
    says('role developer', { role: 'developer', content: 'x' }, since('200')),
    says(
      'an unknown role',
      { role: 'zzz', content: 'x' },
      since(
        notOfType(
          'unknown variant `zzz`, expected one of `developer`, `system`, `user`, `assistant`, `tool`, `function`',
          73,
        ),
      ),
    ),
    says('a message without role', { content: 'x' }, since(notOfType('missing field `role`', 60))),
    says('a message without content', { role: 'user' }, since(notOfType('missing field `content`', 60))),
    says(
      'a message that is a number',
      3,
      since(notOfType('invalid type: integer `3`, expected internally tagged enum ChatCompletionRequestMessage', 46), {
        '1.6.1': notOfType('invalid type: integer `3`, expected internally tagged enum Wire', 46),
      }),
    ),
    says('a user message with an unknown key', { role: 'user', content: 'x', zzz: 1 }, since('200')),
    body(
      'an assistant message with content null and tool calls',
      {
        messages: [
          user,
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call-1', content: 'y' },
        ],
      },
      since('200'),
    ),
    body(
      'an assistant message with empty content and tool calls',
      {
        messages: [
          user,
          { role: 'assistant', content: '', tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call-1', content: 'y' },
        ],
      },
      since('200'),
    ),
    body(
      'an assistant message without content',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call-1', content: 'y' },
        ],
      },
      since('200'),
    ),
    body(
      'an assistant message with `reasoning_content`',
      {
        messages: [user, { role: 'assistant', content: 'y', reasoning_content: 'z' }, user],
      },
      since('200'),
    ),
    body(
      'a tool message with `name`',
      {
        messages: [
          user,
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call-1', name: 'read', content: 'y' },
        ],
      },
      since('200'),
    ),
    body(
      'a tool message without `tool_call_id`',
      { messages: [user, { role: 'tool', content: 'y' }] },
      since(notOfType('missing field `tool_call_id`', 104)),
    ),
    body(
      'tools with `strict`',
      {
        tools: [
          {
            type: 'function',
            function: { name: 'read', description: 'd', parameters: { type: 'object', properties: {} }, strict: false },
          },
        ],
      },
      since('200'),
    ),
    body(
      'no tools: []',
      { tools: [] },
      since('200', {
        '1.6.1': invalid('tools array cannot be empty; omit the field entirely to disable tool use'),
      }),
    ),
    body('tool choice without tools', { tool_choice: 'auto' }, since('200')),
    says(
      'content a number',
      { role: 'user', content: 3 },
      since(notOfType('data did not match any variant of untagged enum ChatCompletionRequestUserMessageContent', 72)),
    ),
    says(
      'content null',
      { role: 'user', content: null },
      since(notOfType('data did not match any variant of untagged enum ChatCompletionRequestUserMessageContent', 75)),
    ),
    says(
      'content parts of an unknown type',
      { role: 'user', content: [{ type: 'zzz' }] },
      since(notOfType('data did not match any variant of untagged enum ChatCompletionRequestUserMessageContent', 87)),
    ),
    says(
      'a system message without content',
      { role: 'system' },
      since(notOfType('missing field `content`', 62), {
        '1.6.1': notOfType(
          'missing field `content`: a system message needs `content` unless it declares non-empty Kimi-style `tools`',
          62,
        ),
      }),
    ),
    says('a developer message without content', { role: 'developer' }, since(notOfType('missing field `content`', 65))),
    says(
      'a tool message without content',
      { role: 'tool', tool_call_id: 'c' },
      since(notOfType('missing field `content`', 79)),
    ),
    says(
      'a function message without name',
      { role: 'function', content: 'x' },
      since(notOfType('missing field `name`', 78)),
    ),
    says('an assistant message alone', { role: 'assistant' }, since('200')),
    says(
      '`tool_calls` a text',
      { role: 'assistant', tool_calls: 'x' },
      since(notOfType('invalid type: string "x", expected a sequence', 82)),
    ),
    says(
      '`tool_calls` without ids',
      { role: 'assistant', tool_calls: [{}] },
      since(notOfType('missing field `id`', 83)),
    ),
    says('`tool_calls` []', { role: 'assistant', tool_calls: [] }, since('200')),
    says(
      'a message that is null',
      null,
      since(notOfType('invalid type: null, expected internally tagged enum ChatCompletionRequestMessage', 49), {
        '1.6.1': notOfType('invalid type: null, expected internally tagged enum Wire', 49),
      }),
    ),
    says(
      'a message that is a text',
      'x',
      since(notOfType('invalid type: string "x", expected internally tagged enum ChatCompletionRequestMessage', 48), {
        '1.6.1': notOfType('invalid type: string "x", expected internally tagged enum Wire', 48),
      }),
    ),
    says('a message that is a list', [], since(notOfType('missing field `role`', 47))),
    says('a role that is a number', { role: 3, content: 'x' }, since('200')),
    part('text without text', { type: 'text' }, wrongPart(88)),
    part('text 3', { type: 'text', text: 3 }, wrongPart(97)),
    image('nope', wrongPart(120)),
    image('x y', wrongPart(119)),
    image('http://', wrongPart(123)),
    image('', noAddress(116, 'image_url')),
    image('a:b', since('200')),
    image('data:image/png;base64,iVBORw0KGgo=', since('200')),
    {
      ...image(
        'http://127.0.0.1:9/x.png',
        since('200', {
          '1.5.1': '400 InvalidArgument: Direct IP access is not allowed',
          '1.6.1': '400 Invalid request',
        }),
      ),
      ours: {
        answers: { 'local-frontend 1.3+': '200' },
        why: 'Images are not looked at, so where they are does not matter.',
      },
    },
    part('an image without address', { type: 'image_url' }, noAddress(93, 'image_url')),
    part('an image {}', { type: 'image_url', image_url: {} }, wrongPart(108)),
    part('an image null', { type: 'image_url', image_url: null }, noAddress(110, 'image_url')),
    part('an image that is a text', { type: 'image_url', image_url: 'a:b' }, wrongPart(111)),
    part(
      'an image of an unknown detail',
      { type: 'image_url', image_url: { url: 'a:b', detail: 'zzz' } },
      wrongPart(134),
    ),
    part('an image by its name', { type: 'image_url', uuid: 'u' }, since(userContent(104), { '1.4.2': '200' })),
    part('a video without address', { type: 'video_url' }, noAddress(93, 'video_url')),
    part('a video at no address', { type: 'video_url', video_url: { url: 'nope' } }, wrongPart(120)),
    part('sound without address', { type: 'audio_url' }, noAddress(93, 'audio_url')),
    part('sound of an unknown format', sound('zzz'), wrongPart(137)),
    part('sound', sound('wav'), since('200')),
    part('a file', { type: 'file', file: { file_id: 'x' } }, wrongPart(111)),
    body(
      'an image without address, of an unknown model',
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }], model: 'nope' },
      since(userContent(93), { '1.4.2': '404 Model not found' }),
    ),
    written(
      'with half a surrogate pair',
      '{"a":"\\ud800"}',
      badArguments(': unexpected end of hex escape at line 1 column 13'),
    ),
    written('not JSON', 'nope', badArguments(': expected ident at line 1 column 2')),
    written('cut off', '{"a":', badArguments(': EOF while parsing a value at line 1 column 5')),
    written('a list', '[1]', badArguments()),
    written('empty', '', since('200')),
    written('an object', { a: 1 }, since('200')),
    tool('whose `parameters` are a text', { parameters: 'x' }, {
      '1.5.1': invalid('Function parameters at index 0 for "read" must be a JSON Schema object'),
    }),
    tool('that is `strict` and open', { parameters: { type: 'object' }, strict: true }, {
      '1.6.1': invalid(
        "Invalid schema for function 'read': In context=#, object schemas require additionalProperties: false",
      ),
    }),
    tool('that is `strict` and closed', {
      parameters: { type: 'object', properties: {}, additionalProperties: false },
      strict: true,
    }),
  ],
}
