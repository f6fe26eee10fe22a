// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { readChatRequest } from '../../src/chat/read-chat-request.ts'

const read = { type: 'function', function: { name: 'read', parameters: { type: 'object' } } }

test('takes model, messages, tools and the token limit', () => {
  const request = readChatRequest({
    model: 'scripted',
    stream: true,
    max_tokens: 50,
    tools: [read],
    messages: [
      { role: 'system', content: 'You are a coding agent.' },
      { role: 'user', content: [{ type: 'text', text: 'Look at' }, { type: 'text', text: 'this.' }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call-1', type: 'function', function: { name: 'read', arguments: '{"path":"a"}' } }],
      },
      { role: 'tool', tool_call_id: 'call-1', content: 'the file' },
    ],
  })
  expect(request).toEqual({
    model: 'scripted',
    messages: [
      { role: 'system', text: 'You are a coding agent.', toolCalls: [] },
      { role: 'user', text: 'Look at\nthis.', toolCalls: [] },
      { role: 'assistant', text: '', toolCalls: [{ id: 'call-1', name: 'read', arguments: '{"path":"a"}' }] },
      { role: 'tool', text: 'the file', toolCalls: [], toolCallId: 'call-1' },
    ],
    toolsText: JSON.stringify([read]),
    maxTokens: 50,
  })
})

test.each([
  ['max_completion_tokens goes before max_tokens', { max_tokens: 5, max_completion_tokens: 7 }, 7],
  ['null is no limit', { max_tokens: null }, undefined],
  ['nor is zero', { max_tokens: 0 }, undefined],
])('%s', (_name, body, maxTokens) => {
  expect(readChatRequest({ ...body, messages: [] }).maxTokens).toBe(maxTokens)
})

test.each([
  ['an image', [{ type: 'image_url', image_url: { url: 'data:' } }, { type: 'text', text: 'what?' }], 'what?'],
  ['a part of no known form', [null, 7, { type: 'text' }], ''],
  ['nothing', undefined, ''],
])('content with %s keeps its text alone', (_name, content, text) => {
  expect(readChatRequest({ messages: [{ role: 'user', content }] }).messages[0]?.text).toBe(text)
})

test.each([[undefined], [null], ['text'], [[]], [{ messages: 'none', tools: {}, model: 3 }]])(
  'makes an empty request of %j',
  (body) => {
    expect(readChatRequest(body)).toEqual({ model: '', messages: [], toolsText: '' })
  },
)
