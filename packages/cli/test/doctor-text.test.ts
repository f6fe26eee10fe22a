// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { describeFindings } from '../src/doctor-text.ts'
import type { Finding } from '../src/doctor/finding.ts'

const findings: readonly Finding[] = [
  {
    check: 'frontend',
    status: 'FAIL',
    seen: 'http://127.0.0.1:8000/v1 does not answer, and neither does any other address that this name has',
    meaning: 'Nobody listens there, or something on the way lets nothing through.',
    cures: [{ instruction: 'Start it:', lines: [`python -m dynamo.frontend ${'--an-option '.repeat(10)}`] }],
  },
]

const linesFor = (columns?: number) =>
  describeFindings(findings, Object.assign(new PassThrough(), columns === undefined ? {} : { columns })).split('\n')

test.each([60, 80])('a terminal of %i columns gets lines that fit, but for those to type', (columns) => {
  const long = linesFor(columns).filter((line) => line.length > columns)
  expect(long).toEqual([expect.stringContaining('python -m dynamo.frontend')])
})

test('without a terminal what was seen stays in one line', () => {
  expect(linesFor()[0]).toMatch(/^FAIL {2}frontend {8}http.* that this name has$/)
})
