// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findTraceFiles, placeAt } from '../../src/doctor/trace/trace-files.ts'
import { temporaryFolder } from '../support/run.ts'

test.each([
  { path: 'trace.jsonl', holds: ['trace.jsonl', 'other.jsonl'], finds: ['trace.jsonl'] },
  {
    path: 'trace.jsonl',
    holds: ['trace.000001.jsonl.gz', 'trace.000000.jsonl.gz', 'trace.1.jsonl.gz', 'tracer.000000.jsonl.gz'],
    finds: ['trace.000000.jsonl.gz', 'trace.000001.jsonl.gz'],
  },
  { path: 'trace', holds: ['trace.000000.jsonl.gz'], finds: ['trace.000000.jsonl.gz'] },
  { path: '', holds: ['b.jsonl', 'a.jsonl.gz', 'notes.txt'], finds: ['a.jsonl.gz', 'b.jsonl'] },
  { path: 'trace.jsonl', holds: [], finds: [] },
  { path: 'no/such/trace.jsonl', holds: ['trace.jsonl'], finds: [] },
])('of $holds, "$path" means $finds', async ({ path, holds, finds }) => {
  const folder = temporaryFolder()
  for (const name of holds) writeFileSync(join(folder, name), '')
  expect(await findTraceFiles(join(folder, path))).toEqual(finds.map((name) => join(folder, name)))
})

test('a folder is no file of a trace, whatever its name', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'old.jsonl'))
  expect(await findTraceFiles(folder)).toEqual([])
})

test.each([
  ['nothing', 'nothing'],
  ['', 'folder'],
  ['trace.jsonl', 'file'],
])('at "%s" is a %s', async (name, place) => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'trace.jsonl'), '')
  expect(await placeAt(join(folder, name))).toBe(place)
})

test('a device is none of them', async () => {
  expect(await placeAt('/dev/null')).toBe('other')
})
