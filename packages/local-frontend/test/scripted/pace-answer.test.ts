// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import type { Answer } from '../../src/script/script.ts'
import { paceAnswer } from '../../src/scripted/pace-answer.ts'

const answer = (parts: Partial<Answer>): Answer => ({
  text: '',
  reasoning: '',
  toolCalls: [],
  outputTokens: 10,
  finishReason: 'stop',
  ...parts,
})

const call = { id: 'call-1', name: 'read_file', arguments: '{"path":"src/total.ts"}' }

test.each([
  ['text', answer({ text: 'The quick brown fox jumps over the lazy dog.', outputTokens: 11 })],
  [
    'reasoning, text and calls',
    answer({ reasoning: 'let me think', text: 'I read it.', toolCalls: [call, call], outputTokens: 50 }),
  ],
  ['more pieces than tokens', answer({ text: 'x'.repeat(500), outputTokens: 3 })],
  ['astral characters', answer({ text: '😀😃😄😁😆😅🤣😂🙂🙃', outputTokens: 20 })],
])('the pieces of %s are the whole answer and take its tokens', (_, whole) => {
  const paced = paceAnswer(whole)
  const joined = (kind: 'text' | 'reasoning') =>
    paced.map(({ delta }) => (delta.kind === kind ? delta.text : '')).join('')
  expect(joined('text')).toBe(whole.text)
  expect(joined('reasoning')).toBe(whole.reasoning)
  expect(paced.filter(({ delta }) => delta.kind === 'tool-call')).toHaveLength(whole.toolCalls.length)
  expect(paced.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(whole.outputTokens)
  expect(paced.every(({ tokens }) => tokens >= 0)).toBe(true)
  expect(paced.every(({ delta }) => delta.kind === 'tool-call' || !/\p{Surrogate}/u.test(delta.text))).toBe(true)
})

test('an answer without content has no pieces', () => {
  expect(paceAnswer(answer({}))).toEqual([])
})

test('a tool call is one piece with all of its arguments', () => {
  expect(paceAnswer(answer({ toolCalls: [call] }))).toEqual([
    { delta: { kind: 'tool-call', index: 0, call }, tokens: 10 },
  ])
})
