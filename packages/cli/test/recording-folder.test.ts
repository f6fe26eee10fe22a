// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRecordingFolder } from '../src/recording-folder.ts'
import { temporaryFolder } from './support/run.ts'

const now = new Date(2026, 10, 21, 14, 5, 9)

test('a recording that came to nothing leaves nothing', async () => {
  const root = temporaryFolder()
  const folder = await openRecordingFolder(join(root, 'a/b'), now)
  writeFileSync(folder.tracePath, '')
  await folder.discard()
  expect(readdirSync(root)).toEqual([])
})

test('a trace with rows in it is never taken away', async () => {
  const folder = await openRecordingFolder(join(temporaryFolder(), 'a'), now)
  writeFileSync(folder.tracePath, '{}\n')
  await folder.discard()
  expect(existsSync(folder.tracePath)).toBe(true)
})

test('a folder that was there before, or that others came to use, stays', async () => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'mine'))
  await (await openRecordingFolder(join(root, 'mine'), now)).discard()
  const folder = await openRecordingFolder(join(root, 'shared/a'), now)
  mkdirSync(join(root, 'shared/b'))
  await folder.discard()
  expect(readdirSync(root, { recursive: true }).sort()).toEqual(['mine', 'shared', 'shared/b'])
})
