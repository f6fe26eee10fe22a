// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { refusesBodyKey, withoutRefusedKeys } from '../../src/index.ts'

test.each([
  ['messages', '1.2.1', false],
  ['thinking', '1.2.1', true],
  ['thinking', '1.3.1', false],
  ['prompt_cache_key', '1.5.1', true],
  ['prompt_cache_key', '1.6.1', false],
  ['prompt_cache_key', '1.10.0', false],
  ['priority', '1.6.1', true],
  ['toString', '1.2.1', false],
])('%s is refused by %s: %s', (key, release, refused) => {
  expect(refusesBodyKey(key, release)).toBe(refused)
})

test('a body loses the refused keys alone', () => {
  expect(withoutRefusedKeys({ model: 'm', priority: 1, thinking: {} }, '1.3.1')).toEqual({ model: 'm', thinking: {} })
})

test.each([{ model: 'm' }, 'text', null, [1]])('%j, which has none, comes back as it is', (body) => {
  expect(withoutRefusedKeys(body, '1.2.1')).toBe(body)
})
