// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { readFrom } from '../../src/doctor/trace/read-from.ts'
import { temporaryFolder } from '../support/run.ts'

function fileOf(content: string): string {
  const path = join(temporaryFolder(), 'trace.jsonl')
  writeFileSync(path, content)
  return path
}

test.each([
  { what: 'from its first byte', options: { start: 0 }, expected: '0123456789' },
  { what: 'from any other', options: { start: 7 }, expected: '789' },
  { what: 'up to a length', options: { start: 2, length: 3 }, expected: '234' },
  { what: 'until the time is up', options: { start: 0, deadlineMs: 0 }, expected: '' },
])('a file is read $what', async ({ options, expected }) => {
  expect(await text(readFrom(fileOf('0123456789'), options))).toBe(expected)
})

test.each([
  ['is not there', () => join(temporaryFolder(), 'nothing')],
  ['is a folder', () => temporaryFolder()],
])('what %s has no bytes', async (_what, path) => {
  expect(await text(readFrom(path(), { start: 0 }))).toBe('')
})
