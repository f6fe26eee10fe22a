// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { readTestSummary } from '../src/test-summary.ts'

it.each([
  ['the report for people', '✔ one (1ms)\nℹ tests 5\nℹ pass 4\nℹ fail 1\nℹ cancelled 0\n', { passed: 4, failed: 1 }],
  ['TAP', 'ok 1 - one\n1..5\n# tests 5\n# pass 5\n# fail 0\n', { passed: 5, failed: 0 }],
  ['any other text', 'they fail 1 time', undefined],
  ['nothing', '', undefined],
])('reads the totals of %s', (_what, output, summary) => {
  expect(readTestSummary(output)).toEqual(summary)
})
