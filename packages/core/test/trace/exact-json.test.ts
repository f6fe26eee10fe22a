// SPDX-License-Identifier: Apache-2.0
import { readLines, traceFiles } from '@dynamo-agent/fixtures'
import { describe, expect, test } from 'vitest'
import { parseExactJson, stringifyExactJson } from '../../src/index.ts'

describe('exact JSON', () => {
  test.each([
    ['a small integer is a number', '7', 7],
    ['the largest exact integer is a number', '9007199254740991', 9007199254740991],
    ['one more is a bigint', '9007199254740992', 9007199254740992n],
    ['a u64', '18446744073709551615', 18446744073709551615n],
    ['a negative one', '-9007199254740993', -9007199254740993n],
    ['an integer beyond u64', '1' + '0'.repeat(30), 10n ** 30n],
    ['a fraction is a number', '0.1', 0.1],
    ['an exponent is a number, however large', '1e300', 1e300],
    ['digits as text stay text', '"18446744073709551615"', '18446744073709551615'],
    ['nested', '{"a":[{"b":18446744073709551615}]}', { a: [{ b: 18446744073709551615n }] }],
  ])('%s', (_, text, value) => {
    expect(parseExactJson(text)).toStrictEqual(value)
  })

  test.each([
    '7',
    '18446744073709551615',
    '-9007199254740993',
    '0.1',
    '"a\\n\\"b"',
    'null',
    '[]',
    '{"a":[1,18446744073709551615,{"b":null}]}',
  ])('%s is written as it was read', (text) => {
    expect(stringifyExactJson(parseExactJson(text))).toBe(text)
  })

  test('a key by the name of the prototype is a key like any other', () => {
    const text = '{"__proto__":{"a":18446744073709551615}}'
    expect(stringifyExactJson(parseExactJson(text))).toBe(text)
    expect(Object.keys(parseExactJson(text) as object)).toEqual(['__proto__'])
  })

  test('refuses what is no JSON', () => {
    for (const text of ['', '{', '01', 'NaN', '{"a":18446744073709551615'])
      expect(() => parseExactJson(text)).toThrow(SyntaxError)
  })

  test('every captured row comes through, but for the zeros of whole floats', () => {
    const plain = (text: string) => text.replace(/(:-?\d+)\.0(?=[,}])/g, '$1')
    const rows = traceFiles
      .flatMap(readLines)
      .filter((line) => line.endsWith('}}') && !line.includes('request_payload'))
    expect(rows.length).toBeGreaterThan(1000)
    for (const row of rows) expect(stringifyExactJson(parseExactJson(row))).toBe(plain(row))
  })
})
