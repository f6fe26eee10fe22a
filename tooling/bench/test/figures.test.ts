// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { withFigures } from '../src/index.ts'

const tables = [
  [
    ['call', 'ms'],
    ['with', '+1'],
  ],
  [['event', 'µs']],
]

it('puts figures in the place of those that a page has', () => {
  const page = withFigures('# Cost\n<!-- figures -->\nold\n<!-- end of figures -->\nWhat they mean.\n', tables)
  expect(page.replace(/on .*:/, 'here:')).toBe(
    `# Cost
<!-- figures -->
Measured here:

| call | ms |
| --- | --: |
| with | +1 |

| event | µs |
| --- | --: |
<!-- end of figures -->
What they mean.
`,
  )
  expect(withFigures(page, tables)).toBe(page)
})

it('finds no place in a page without marks', () => {
  expect(() => withFigures('# Cost\n', tables)).toThrow('no <!-- figures -->')
})
