// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { findPosition, findSyntaxFault } from '../../src/request/json-text.ts'

describe('findSyntaxFault', () => {
  test.each([
    ['', 'EOF while parsing a value', 1, 0],
    ['{nope', 'key must be a string', 1, 2],
    ['{"a" 1}', 'expected `:`', 1, 6],
    ['{"a":1 "b"', 'expected `,` or `}`', 1, 8],
    ['{"a":1,}', 'trailing comma', 1, 8],
    ['[1,]', 'trailing comma', 1, 4],
    ['[1 2]', 'expected `,` or `]`', 1, 4],
    ['{"a":', 'EOF while parsing a value', 1, 5],
    ['{"a":1', 'EOF while parsing an object', 1, 6],
    ['[1', 'EOF while parsing a list', 1, 2],
    ['"abc', 'EOF while parsing a string', 1, 4],
    ['{}x', 'trailing characters', 1, 3],
    ['nope', 'expected ident', 1, 2],
    ['hello', 'expected value', 1, 1],
    ['{\n "a": x}', 'expected value', 2, 7],
    ['"\\x"', 'invalid escape', 1, 3],
    ['"\\X"', 'invalid escape', 1, 3],
    ['-', 'invalid number', 1, 1],
    ['"\\ud800"', 'unexpected end of hex escape', 1, 8],
    ['"\\ud800\\n"', 'unexpected end of hex escape', 1, 9],
    ['"\\ud800', 'EOF while parsing a string', 1, 7],
    ['"\\ud800\\ud800"', 'lone leading surrogate in hex escape', 1, 13],
    ['"\\udc00"', 'lone leading surrogate in hex escape', 1, 7],
  ])('finds what serde_json says of %j', (text, ...[message, line, column]) => {
    expect(findSyntaxFault(text)).toMatchObject({ message, line, column })
  })

  test.each([
    ['{nope', []],
    ['{"a":[', ['a']],
    ['{"a":[{', ['a', '0', '?']],
    ['{"a":{"b":1,}', ['a', '?']],
    ['{"a":{"b":nope', ['a', 'b']],
  ])('knows what was being read in %j', (text, path) => {
    expect(findSyntaxFault(text)?.path).toEqual(path)
  })

  test('gives up on what is nested too deep, as serde_json does', () => {
    expect(findSyntaxFault('['.repeat(100_000))?.message).toBe('recursion limit exceeded')
  })

  test('finds nothing in good JSON', () => {
    expect(findSyntaxFault(' {"a": [1, -2.5e3, "x\\u00e9", true, null, {}], "b": {"c": []}} ')).toBeUndefined()
  })
})

describe('findPosition', () => {
  const text = '{"ä": 1,\n "b": {"key": 12, "c": {"key": true}}}'
  test.each([
    ['after a key', { path: ['b', 'key'], after: 'key' }, 2, 12],
    ['after a value', { path: ['b', 'key'], after: 'value' }, 2, 16],
    ['deeper', { path: ['b', 'c', 'key'], after: 'value' }, 2, 35],
    ['in bytes', { path: ['ä'], after: 'key' }, 1, 5],
    ['at the end', { path: [], after: 'value' }, 2, 38],
  ] as const)('counts %s', (_, place, ...[line, column]) => {
    expect(findPosition(text, place)).toEqual({ line, column })
  })
})
