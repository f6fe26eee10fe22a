// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { countTokens, tokenize, truncateToTokens } from '../../src/engine/tokenizer.ts'
import { seededRandom } from './helpers.ts'

const source = readFileSync(new URL('../../src/engine/tokenizer.ts', import.meta.url), 'utf8')
const licence = readFileSync(new URL('../../../../LICENSE', import.meta.url), 'utf8')

describe('cutting a text into tokens', () => {
  test.each([
    ['', 0],
    ['word', 1],
    [' word', 1],
    ['two words', 2],
    ['readChatRequest', 3],
    ['extraordinarily', 2],
    ['12345', 2],
    ['x = 1', 4],
    ['    indented', 2],
    ['\n\n\n', 1],
    ['{"path":"a"}', 5],
    ['<|assistant|>', 1],
    ['text<|end|><|user|>text', 4],
    ['<|not a marker|>', 5],
    ['日本語', 3],
    ['👋🏽', 2],
    ['naïve Übung', 2],
  ])('%j has %i', (text, tokens) => {
    expect(countTokens(text)).toBe(tokens)
    expect(tokenize(text)).toHaveLength(tokens)
  })

  test('is the same every time, and depends on every character', () => {
    expect(tokenize('the same text')).toEqual(tokenize('the same text'))
    expect(tokenize('the same text')).not.toEqual(tokenize('the same test'))
  })

  test.each([
    ['code', source],
    ['prose', licence],
  ])('comes to about four characters a token for %s', (_kind, text) => {
    const perToken = text.length / countTokens(text)
    expect(perToken).toBeGreaterThan(3)
    expect(perToken).toBeLessThan(5)
  })

  test('leaves the tokens of a prefix alone when text is appended behind a boundary', () => {
    const random = seededRandom(7)
    const ascii = ['a', 'B', 'word', ' ', '  ', '\t', '\n', '1', '23', '<', '|', '<|', '|>', '<|end|>', '{"', '.']
    const alphabet = [...ascii, '日', '👋', 'é']
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: 40 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
      const whole = tokenize(text)
      for (let count = 0; count <= whole.length; count++) {
        expect(tokenize(truncateToTokens(text, count)), JSON.stringify(text)).toEqual(whole.subarray(0, count))
      }
    }
  })

  test('takes linear time on text made to hurt', () => {
    const started = performance.now()
    for (const piece of ['<|', '<|aaaaaaaaaaaaaaaaaaaa', ' ', '<', 'a']) tokenize(piece.repeat(100_000))
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('truncating a text to tokens', () => {
  test.each([
    ['two words more', 2, 'two words'],
    ['two words', 0, ''],
    ['two words', 9, 'two words'],
    ['ok 👋👋', 3, 'ok 👋'],
  ])('%j to %i gives %j', (text, tokens, expected) => {
    expect(truncateToTokens(text, tokens)).toBe(expected)
  })
})
