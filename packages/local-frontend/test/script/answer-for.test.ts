// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { renderAnswer } from '../../src/chat/render-prompt.ts'
import { countTokens } from '../../src/engine/tokenizer.ts'
import { answerFor } from '../../src/script/answer-for.ts'
import { parseScript } from '../../src/script/parse-script.ts'
import { remember, requestOf, say, scriptOf } from './harness.ts'

const script = scriptOf({
  conversations: [
    {
      name: 'reviewer',
      when: { system: 'You review' },
      turns: [
        {
          text: 'Reading both files.',
          reasoning: 'The task names two files.',
          toolCalls: [
            { name: 'read', arguments: { path: 'a.ts', id: 1 } },
            { name: 'read', arguments: { path: 'b.ts' } },
          ],
        },
        { text: 'Both look good.', outputTokens: 200 },
      ],
    },
  ],
})
const start = [say('system', 'You review code.'), say('user', 'Review this.')]

describe('an answer', () => {
  const answer = answerFor(script, requestOf(start))

  test('has what its turn says', () => {
    expect(answer).toMatchObject({
      text: 'Reading both files.',
      reasoning: 'The task names two files.',
      toolCalls: [
        { name: 'read', arguments: '{"path":"a.ts","id":1}' },
        { name: 'read', arguments: '{"path":"b.ts"}' },
      ],
      finishReason: 'tool_calls',
    })
    expect(answerFor(script, requestOf([...start, ...remember(answer)]))).toEqual({
      text: 'Both look good.',
      reasoning: '',
      toolCalls: [],
      outputTokens: 200,
      finishReason: 'stop',
    })
  })

  test('is the same, tool call ids included, when the request is tried again', () => {
    expect(JSON.stringify(answerFor(script, requestOf(structuredClone(start))))).toBe(JSON.stringify(answer))
  })

  test('gives each tool call an id of its own, which depends on what was said before', () => {
    const elsewhere = answerFor(script, requestOf([start[0]!, say('user', 'Review that.')]))
    const ids = [...answer.toolCalls, ...elsewhere.toolCalls].map(({ id }) => id)
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^call-[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('counts its tokens from all its content when the script does not', () => {
    expect(answer.outputTokens).toBe(countTokens(renderAnswer(answer)))
  })

  test('has one token at least', () => {
    const empty = answerFor(scriptOf({ turns: [''] }), requestOf(start))
    expect(empty).toMatchObject({ text: '', outputTokens: 1, finishReason: 'stop' })
  })

  test('keeps integers that no double holds', () => {
    const text = '{"turns": [{"toolCalls": [{"name": "a", "arguments": {"id": 18446744073709551615}}]}]}'
    const exact = answerFor(parseScript(text, 'test.json'), requestOf(start))
    expect(exact.toolCalls[0]?.arguments).toBe('{"id":18446744073709551615}')
  })
})

describe('where the script has nothing to say, the answer says so', () => {
  test('when the conversation is over', () => {
    const played = [...start, say('assistant', 'one'), say('assistant', 'two')]
    expect(answerFor(script, requestOf(played))).toMatchObject({
      text: 'The script has no further turn for this conversation (reviewer: 2 turns).',
      toolCalls: [],
      finishReason: 'stop',
    })
    expect(answerFor(scriptOf({ turns: ['x'] }), requestOf([say('assistant', 'x')])).text).toBe(
      'The script has no further turn for this conversation (script: 1 turn).',
    )
  })

  test('when no conversation matches', () => {
    expect(answerFor(script, requestOf([say('user', 'Hello.')]))).toMatchObject({
      text: 'No conversation of the script matches this request.',
      finishReason: 'stop',
    })
  })
})

describe('a token limit', () => {
  const whole = answerFor(script, requestOf(start))

  test('that holds the answer changes nothing', () => {
    expect(answerFor(script, requestOf(start, whole.outputTokens))).toEqual(whole)
  })

  const tooLow = Array.from({ length: whole.outputTokens - 1 }, (_, index) => index + 1)

  test.each(tooLow)('of %i cuts the answer', (limit) => {
    const cut = answerFor(script, requestOf(start, limit))
    expect(cut.finishReason).toBe('length')
    expect(cut.outputTokens).toBe(limit)
    expect(countTokens(renderAnswer(cut)) - 2).toBeLessThanOrEqual(limit)
    expect(whole.reasoning.startsWith(cut.reasoning)).toBe(true)
    expect(whole.text.startsWith(cut.text)).toBe(true)
    expect(whole.toolCalls.slice(0, cut.toolCalls.length)).toEqual(cut.toolCalls)
    if (cut.text !== '') expect(cut.reasoning).toBe(whole.reasoning)
    if (cut.toolCalls.length > 0) expect(cut.text).toBe(whole.text)
  })

  test('cuts in proportion where the script declares more tokens than the content has', () => {
    const long = scriptOf({ turns: [{ text: 'one two three four five six seven eight', outputTokens: 800 }] })
    expect(answerFor(long, requestOf(start, 400))).toEqual({
      text: 'one two three four',
      reasoning: '',
      toolCalls: [],
      outputTokens: 400,
      finishReason: 'length',
    })
  })
})
