// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import type { ChatMessage } from '../../src/chat/chat-request.ts'
import { answerFor } from '../../src/script/answer-for.ts'
import { findPosition } from '../../src/script/position.ts'
import { playOut, remember, requestOf, say, scriptOf } from './harness.ts'

const tool = (name: string) => ({ toolCalls: [{ name }] })
const script = scriptOf({
  conversations: [
    {
      name: 'coder',
      when: { system: 'You code', user: 'Fix' },
      turns: [tool('read'), tool('edit'), tool('test'), 'Fixed.', 'Glad to.'],
    },
    { name: 'reviewer', when: { system: 'You review' }, turns: [tool('diff'), 'Good.'] },
    { name: 'titles', when: { user: 'title' }, turns: ['A title.'] },
    { name: 'anything', turns: ['Hello.', 'Hello again.'] },
  ],
})

const coder = [say('system', 'You code well.'), say('user', 'Fix the test.')]

function place(messages: readonly ChatMessage[]): string | undefined {
  const position = findPosition(script, requestOf(messages))
  return position && `${position.conversation.name} ${position.turn}`
}

describe('which conversation it is', () => {
  test.each([
    ['all conditions hold', coder, 'coder 0'],
    ['a developer message counts as system', [say('developer', 'You review.'), say('user', 'Fix')], 'reviewer 0'],
    ['only one of two conditions holds', [say('system', 'You code.'), say('user', 'Hi.')], 'anything 0'],
    ['the user condition looks at the first user message', [say('user', 'A title?'), say('user', 'x')], 'titles 0'],
    ['and not at later ones', [say('user', 'x'), say('assistant', 'y'), say('user', 'A title?')], 'anything 1'],
    ['the first that matches plays', [say('system', 'You review'), say('user', 'A title?')], 'reviewer 0'],
    ['no messages', [], 'anything 0'],
  ])('%s', (_name, messages, expected) => {
    expect(place(messages)).toBe(expected)
  })

  test('none, when none matches', () => {
    const strict = { ...script, conversations: script.conversations.slice(0, 3) }
    expect(findPosition(strict, requestOf([say('user', 'Hi.')]))).toBeUndefined()
  })
})

describe('which turn it is', () => {
  test('a conversation plays turn by turn to its end', () => {
    const played = playOut(script, coder)
    const tools = played.flatMap(({ toolCalls }) => toolCalls.map(({ name }) => name))
    expect(tools).toEqual(['read', 'edit', 'test'])
    expect(played.at(-1)?.text).toBe('Fixed.')
    expect(place(played)).toBe('coder 4')
  })

  test('user messages do not matter, before or between', () => {
    const played = playOut(script, coder)
    expect(place([...played, say('user', 'Thanks.')])).toBe('coder 4')
    expect(place([...played, say('user', 'Thanks.'), say('user', 'Really.')])).toBe('coder 4')
    const [first] = played.slice(coder.length)
    expect(place([...coder, say('user', 'Quickly.'), first!, say('user', 'Stop.'), say('tool', '')])).toBe('coder 1')
  })

  test('a retry is the same turn', () => {
    const first = answerFor(script, requestOf(coder))
    const second = [...coder, ...remember(first)]
    expect(answerFor(script, requestOf(second))).toEqual(answerFor(script, requestOf(second)))
    expect(place(second)).toBe('coder 1')
  })

  const [system] = coder
  const summary = say('user', 'Summary.')

  test.each([
    ['the first answers', [...coder, ...playOut(script, coder).slice(4)], 'coder 4'],
    ['the first user message with them', [system!, summary, ...playOut(script, coder).slice(6)], 'coder 4'],
    ['all but the latest tool call', [system!, summary, ...playOut(script, coder).slice(6, 8)], 'coder 3'],
  ])('a compaction that takes %s loses no place', (_name, messages, expected) => {
    expect(place(messages)).toBe(expected)
  })

  test('a compaction that leaves no tool call starts the conversation again', () => {
    expect(place([...coder, say('user', 'Summary.')])).toBe('coder 0')
  })

  test('a host that cuts long ids loses no place', () => {
    const cut = playOut(script, coder).map((message) => ({
      ...message,
      toolCalls: message.toolCalls.map((call) => ({ ...call, id: call.id.slice(0, 40) })),
    }))
    expect(place([coder[0]!, ...cut.slice(4)])).toBe('coder 4')
  })

  test('a host that gives ids of its own is followed by counting answers', () => {
    const renamed = playOut(script, coder).map((message) => ({
      ...message,
      toolCalls: message.toolCalls.map((call, index) => ({ ...call, id: `toolu_${index}` })),
    }))
    expect(place(renamed)).toBe('coder 4')
  })

  test('what a child agent inherited from its parent does not count', () => {
    const parent = playOut(script, coder).slice(1, 6)
    const child = [say('system', 'You review.'), ...parent, say('user', 'Review it.')]
    expect(place(child)).toBe('reviewer 0')
    expect(place([...child, ...remember(answerFor(script, requestOf(child)))])).toBe('reviewer 1')
  })
})
