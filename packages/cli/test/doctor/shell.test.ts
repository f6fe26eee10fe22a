// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { shellLines } from '../../src/doctor/shell.ts'
import { evaluate } from '../support/shell.ts'

test.each([
  'tcp://127.0.0.1:20390',
  '/tmp/a trace.jsonl',
  "it's",
  '$(touch /tmp/owned) `id` "; exit 1',
  'two\nlines',
  String.raw`back\slash\\and 'quote\\'`,
  '=ls',
  '',
  '~/trace.jsonl',
])('a shell reads %j back as it was', (value) => {
  expect(evaluate({}, shellLines({ DYN_VALUE: value }).join('\n'))).toEqual({ DYN_VALUE: value })
})

test('null takes a variable away', () => {
  expect(evaluate({ DYN_VALUE: '1', DYN_OTHER: '2' }, shellLines({ DYN_VALUE: null }).join('\n'))).toEqual({
    DYN_OTHER: '2',
  })
})
