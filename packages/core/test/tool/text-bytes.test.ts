// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { textBytes } from '../../src/index.ts'

it.each([
  ['text', { content: [{ type: 'text', text: 'abc' }] }, 3],
  ['text outside ASCII', { content: [{ type: 'text', text: 'grün €' }] }, 9],
  ['an image beside it', { content: [{ type: 'text', text: 'ab' }, { type: 'image', data: 'AAAA' }] }, 2],
  ['nothing', { content: [] }, 0],
  ['no content', {}, 0],
  ['an unknown form', { content: 'abc' }, 0],
  ['no object', null, 0],
])('counts the bytes of a result with %s', (_what, result, bytes) => {
  expect(textBytes(result)).toBe(bytes)
})
