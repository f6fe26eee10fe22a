// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { suggest } from '../src/suggest.ts'

test.each([
  ['recrod', 'record'],
  ['sreve', 'serve'],
  ['Serve', 'serve'],
  ['trace convrt', 'trace convert'],
  ['dem', 'demo'],
  ['frobnicate', undefined],
  ['', undefined],
])('%j most likely meant %j', (word, meant) => {
  expect(suggest(word, ['demo', 'serve', 'record', 'trace convert'])).toBe(meant)
})
