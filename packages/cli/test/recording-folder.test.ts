// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
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

test('of recordings that begin at the same time in the same folder, one gets it', async () => {
  const path = join(temporaryFolder(), 'out')
  const opened = await Promise.allSettled([1, 2, 3, 4].map(() => openRecordingFolder(path, now)))
  expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const { reason } of opened.filter((result) => result.status === 'rejected')) {
    expect((reason as Error).message).toBe(`${path}/trace.jsonl exists already`)
  }
})

test('recordings that begin in the same second have folders of their own, and take none but their own away', async () => {
  const [root, before] = [temporaryFolder(), process.cwd()]
  process.chdir(root)
  onTestFinished(() => {
    process.chdir(before)
  })
  const opened = await Promise.all([1, 2, 3, 4].map(() => openRecordingFolder(undefined, now)))
  const name = '2026-11-21T14-05-09'
  const names = [name, `${name}-2`, `${name}-3`, `${name}-4`]
  expect(readdirSync('dynamo-recordings').sort()).toEqual(names)
  expect(opened.map(({ tracePath }) => tracePath.split('/')[1]).sort()).toEqual(names)
  await opened.find(({ tracePath }) => tracePath.includes(`${name}-3`))?.discard()
  expect(readdirSync('dynamo-recordings').sort()).toEqual(names.filter((kept) => !kept.endsWith('-3')))
})
