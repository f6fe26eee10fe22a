// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../src/request/parse-json.ts'

describe('parseJson', () => {
  test('gives the value and counts its keys on all levels', () => {
    expect(parseJson('{"a":[{"b":1},{"b":2}]}')).toEqual({ value: { a: [{ b: 1 }, { b: 2 }] }, keys: 3 })
  })

  test.each([
    ['not JSON', '{nope', 'key must be a string'],
    ['JSON and more', '{} {}', 'trailing characters'],
    ['what is nested too deep', `${'['.repeat(128)}${']'.repeat(128)}`, 'recursion limit exceeded'],
    ['half a surrogate pair', '"\\ud83d"', 'unexpected end of hex escape'],
    ['the other half', '"\\ude00"', 'lone leading surrogate in hex escape'],
    ['a half too many behind a pair', '"\\ud83d\\ude00\\ude00"', 'lone leading surrogate in hex escape'],
    ['a half too many before a pair', '"\\ud83d\\ud83d\\ude00"', 'lone leading surrogate in hex escape'],
    ['the other half behind what only looks like one', '"\\\\ud83d\\ude00"', 'lone leading surrogate in hex escape'],
    ['half a pair before what only looks like the other', '"\\ud83d\\\\ude00"', 'unexpected end of hex escape'],
  ])('refuses %s', (_, text, message) => {
    expect(parseJson(text)).toMatchObject({ fault: { message } })
  })

  test.each([
    ['a surrogate pair', '"\\ud83d\\ude00"', '\u{1f600}'],
    ['two of them', '"\\uD83D\\uDE00\\ud83d\\ude00"', '\u{1f600}\u{1f600}'],
    ['what only looks like half of one', '"\\\\ud83d"', '\\ud83d'],
  ])('takes %s', (_, text, value) => {
    expect(parseJson(text)).toMatchObject({ value })
  })

  test('takes what is nested as deep as may be', () => {
    expect(parseJson(`${'['.repeat(127)}${']'.repeat(127)}`)).toMatchObject({ keys: 0 })
  })
})
