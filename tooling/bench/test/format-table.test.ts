// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { formatTable } from '../src/index.ts'

it('aligns names at the left and figures at the right', () => {
  const rows = [
    ['call', 'wall ms', 'p99'],
    ['without', '1.5', '10.25'],
    ['with', '+0.125', '+1'],
  ]
  expect(formatTable(rows)).toBe(
    [
      'call     wall ms    p99',
      'without      1.5  10.25',
      'with      +0.125     +1',
      '',
    ].join('\n'),
  )
})
