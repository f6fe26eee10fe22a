// SPDX-License-Identifier: Apache-2.0
import type { ErrorCode } from '@dynamo-agent/core'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { exitCodeOf } from '../src/exit-code.ts'

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `(DYN_[A-Z_]+)` \| ([\d, ]+) \|/gm)].map(([, code, exit]) => ({
  code: code as ErrorCode,
  exit,
}))

test.each(rows.filter(({ code }) => code !== 'DYN_COMMAND_FAILED'))(
  'docs/errors.md gives the exit status of $code',
  ({ code, exit }) => {
    expect(exit).toBe(String(exitCodeOf(code)))
  },
)

test('docs/errors.md gives an exit status for every code', () => {
  expect(rows).toHaveLength(page.match(/^\| `DYN_/gm)?.length ?? 0)
})
