// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import type { ChatMessage, ChatRequest } from '../../src/chat/chat-request.ts'
import { renderAnswer, renderPrompt } from '../../src/chat/render-prompt.ts'
import { countTokens } from '../../src/engine/tokenizer.ts'

const say = (role: string, text: string): ChatMessage => ({ role, text, toolCalls: [] })
const request = (messages: readonly ChatMessage[], toolsText = ''): ChatRequest => ({ model: 'm', messages, toolsText })

describe('a rendered prompt', () => {
  test('is system, tools, messages, and the marker of the answer', () => {
    const call = { id: 'call-1', name: 'read', arguments: '{"path":"a"}' }
    const messages = [
      say('system', 'Be brief.'),
      say('user', 'Go on.'),
      { ...say('assistant', 'Reading.'), toolCalls: [call] },
      { ...say('tool', 'the file'), toolCallId: 'call-1' },
    ]
    expect(renderPrompt(request(messages, '[tools]'))).toBe(
      '<|system|>Be brief.<|end|><|tools|>[tools]<|end|><|user|>Go on.<|end|>' +
        '<|assistant|>Reading.<|call|>read {"path":"a"}<|end|><|tool|>the file<|end|><|assistant|>',
    )
  })

  test.each([
    ['no messages', [], '<|tools|>[tools]<|end|><|assistant|>'],
    ['no system message', [say('user', 'x')], '<|tools|>[tools]<|end|><|user|>x<|end|><|assistant|>'],
    ['nothing but one', [say('developer', 'x')], '<|developer|>x<|end|><|tools|>[tools]<|end|><|assistant|>'],
  ])('has its tools in front with %s', (_name, messages, expected) => {
    expect(renderPrompt(request(messages, '[tools]'))).toBe(expected)
  })

  test('starts with the prompt and the answer of the turn before', () => {
    const answer = { text: 'Reading.', reasoning: '', toolCalls: [{ id: 'call-1', name: 'read', arguments: '{}' }] }
    const before = [say('system', 'Be brief.'), say('user', 'Go on.')]
    const after = [...before, { role: 'assistant', ...answer }, say('tool', 'the file')]
    const grown = renderPrompt(request(after))
    expect(grown.startsWith(renderPrompt(request(before)) + renderAnswer(answer))).toBe(true)
  })

  test('does not hold the reasoning of earlier answers', () => {
    const answer = { text: 'Done.', reasoning: 'Let me see.', toolCalls: [] }
    expect(renderAnswer(answer)).toBe('<|think|>Let me see.<|/think|>Done.')
    expect(renderPrompt(request([say('assistant', answer.text)]))).toBe('<|assistant|>Done.<|end|><|assistant|>')
  })

  test('shares no token with the answer, whatever that starts with', () => {
    const prompt = renderPrompt(request([say('user', 'Go on.')]))
    for (const text of ['word', ' word', '\n\nword', '|>', '12', '...', '<|end|>']) {
      expect(countTokens(prompt + text)).toBe(countTokens(prompt) + countTokens(text))
    }
  })
})
