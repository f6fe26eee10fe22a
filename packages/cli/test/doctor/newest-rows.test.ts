// SPDX-License-Identifier: Apache-2.0
import { traceFiles } from '@dynamo-agent/fixtures'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readNewestRows } from '../../src/doctor/trace/newest-rows.ts'
import { temporaryFolder } from '../support/run.ts'

const limitMs = 20_000
const sample = readFileSync(traceFiles.find((path) => path.endsWith('1.6.1-agent-run.jsonl')) ?? '', 'utf8')
const [row = ''] = sample.split('\n')
const rowAt = (timeMs: number) => `${row.replace(/"event_time_unix_ms":\d+/, `"event_time_unix_ms":${timeMs}`)}\n`

test('are those of the last files, in the order they were written', async () => {
  const folder = temporaryFolder()
  const files = [1, 2, 3].map((index) => join(folder, `trace.00000${index}.jsonl.gz`))
  for (const [index, file] of files.entries()) writeFileSync(file, gzipSync(rowAt(index)))
  const rows = await readNewestRows(files, { limitMs })
  expect(rows.map(({ eventTimeMs }) => eventTimeMs)).toEqual([0, 1, 2])
})

test('are hardly more than were asked for', async () => {
  const folder = temporaryFolder()
  const [older, newer] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')]
  writeFileSync(older, rowAt(0))
  writeFileSync(newer, Array.from({ length: 5000 }, (_, index) => rowAt(index + 1)).join(''))
  const rows = await readNewestRows([older, newer], { limitMs, maxRows: 10 })
  expect(rows.length).toBeGreaterThanOrEqual(10)
  expect(rows.length).toBeLessThan(5000)
  expect(rows.at(-1)).toMatchObject({ eventTimeMs: 5000 })
})

test('are read until the caller gives up', async () => {
  const file = join(temporaryFolder(), 'trace.jsonl')
  writeFileSync(file, sample)
  const reason = new Error('enough')
  await expect(readNewestRows([file], { limitMs, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('a file without any is named', async () => {
  const file = join(temporaryFolder(), 'notes.txt')
  writeFileSync(file, 'remember the milk\n')
  await expect(readNewestRows([file], { limitMs })).rejects.toMatchObject({
    code: 'DYN_INPUT_NOT_A_TRACE',
    message: `no Dynamo trace rows in ${file}: it looks like plain text`,
  })
})
