// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeHarnessRecord } from '../../src/index.ts'
import { fullRecords } from './records.ts'

const protocol = readFileSync(join(import.meta.dirname, '../../../../docs/protocol.md'), 'utf8')
const [, section = ''] = protocol.split('## Harness log')

/** Every key of a row, and of what is in it. */
function keysOf(value: object): string[] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    typeof item === 'object' && item !== null ? [key, ...keysOf(item)] : [key],
  )
}

test.each(fullRecords.map((record) => [record.type, record] as const))(
  'docs/protocol.md has every field of %s',
  (type, record) => {
    const row = section.split('\n').find((line) => line.startsWith(`| \`${type}\` |`))
    expect(row).toBeDefined()
    const words = new Set(section.match(/[a-z_]+/g))
    const keys = keysOf(encodeHarnessRecord(record) ?? {})
    expect(keys.length).toBeGreaterThan(8)
    expect(keys.filter((key) => !words.has(key))).toEqual([])
  },
)
