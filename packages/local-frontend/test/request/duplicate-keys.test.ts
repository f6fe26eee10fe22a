// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { findDuplicateKeys } from '../../src/request/duplicate-keys.ts'
import type { JsonBody } from '../../src/request/json-body.ts'
import { measureJson } from '../../src/request/measure-json.ts'

function find(text: string, aliases: Record<string, string> = {}) {
  const body = JSON.parse(text) as JsonBody
  const { keys } = measureJson(body)
  return findDuplicateKeys({ text, body, keys }, new Map(Object.entries(aliases))).map(({ path, position }) => ({
    path: path.join('.'),
    column: position().column,
  }))
}

describe('findDuplicateKeys', () => {
  test.each<[string, string, number]>([
    ['{"a":1,"a":2}', 'a', 10],
    ['{"a":{"b":1,"c":2,"b":3}}', 'a.b', 21],
    ['{"a":[{},{"b":1,"b":2}]}', 'a.1.b', 19],
    ['{ "a" : 1 , "a" : 2 }', 'a', 15],
    ['{"a":1,"\\u0061":2}', 'a', 15],
    ['{"\\"":1,"\\"":2}', '"', 12],
    ['{"\\\\":1,"\\\\":2}', '\\', 12],
    ['{"constructor":1,"constructor":2}', 'constructor', 30],
  ])('finds the second key of %s', (text, path, column) => {
    expect(find(text)).toEqual([{ path, column }])
  })

  test.each([
    '{}',
    '{"a":1,"b":2}',
    '{"a":{"b":1},"c":{"b":1}}',
    '{"a":[{"b":1},{"b":2}]}',
    '{"a":"\\"a\\":1"}',
    '{"a":"\\\\","b":"x\\":"}',
    '{"a":"b","b":"a"}',
    '{"a":["b","b"]}',
  ])('finds none in %s', (text) => {
    expect(find(text)).toEqual([])
  })

  test('takes a key for the one that it stands for', () => {
    expect(find('{"a":1,"also a":2}', { 'also a': 'a' })).toEqual([{ path: 'a', column: 15 }])
    expect(find('{"also a":2}', { 'also a': 'a' })).toEqual([])
  })

  test('tells them in their order', () => {
    expect(find('{"a":1,"b":{"c":1,"c":2},"a":3}').map(({ path }) => path)).toEqual(['b.c', 'a'])
  })
})

describe('measureJson', () => {
  test.each<[unknown, number, number]>([
    [3, 0, 0],
    ['x', 0, 0],
    [null, 0, 0],
    [{}, 0, 1],
    [[], 0, 1],
    [{ a: 1, b: [{ c: 2 }] }, 3, 3],
    [[[], [[]]], 0, 3],
  ])('counts the keys and the depth of %j', (value, keys, depth) => {
    expect(measureJson(value)).toEqual({ keys, depth })
  })

  test('goes as deep as JSON.parse does', () => {
    const depth = 100_000
    expect(measureJson(JSON.parse('['.repeat(depth) + ']'.repeat(depth)))).toEqual({ keys: 0, depth })
  })
})
