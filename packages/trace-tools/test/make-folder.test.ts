// SPDX-License-Identifier: Apache-2.0
import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { convertTrace, makeFolder } from '../src/index.ts'
import { requestLine } from './support/rows.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

describe('makeFolder', () => {
  it.each(['one', 'one/below/another', 'one//two/', 'one/../two', '.'])('makes %s', async (name) => {
    const path = `${temporaryFolder()}/${name}`
    await makeFolder(path)
    expect(statSync(path).isDirectory()).toBe(true)
  })

  it('makes one folder for many at the same time', async () => {
    const path = join(temporaryFolder(), 'a', 'b', 'c')
    await Promise.all(Array.from({ length: 20 }, () => makeFolder(path)))
    expect(statSync(path).isDirectory()).toBe(true)
  })

  it('takes a link to a folder for a folder', async () => {
    const folder = temporaryFolder()
    symlinkSync(temporaryFolder(), join(folder, 'link'))
    await makeFolder(join(folder, 'link', 'below'))
    expect(existsSync(join(folder, 'link', 'below'))).toBe(true)
  })

  it.each<[string, (folder: string) => string]>([
    ['is a file', (folder) => join(folder, 'file')],
    ['lies below a file', (folder) => join(folder, 'file', 'below', 'deep')],
    ['is a link to nowhere', (folder) => join(folder, 'dangling')],
    ['lies below a device', () => '/dev/null/below'],
    ['is no path', () => ''],
  ])('says so where the path %s', async (_name, pathIn) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    symlinkSync('nowhere', join(folder, 'dangling'))
    await expect(makeFolder(pathIn(folder))).rejects.toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE' })
  })
})

describe.skipIf(!existsSync('/proc/self'))('in a file system that takes no folders', () => {
  it('makeFolder says so', async () => {
    await expect(makeFolder('/proc/nope/deep')).rejects.toMatchObject({
      code: 'DYN_OUTPUT_UNWRITABLE',
      message: expect.stringContaining('cannot make the folder /proc/nope/deep: ENOENT') as string,
    })
  })

  it('a conversion says so', async () => {
    const input = join(temporaryFolder(), 'trace.jsonl')
    writeFileSync(input, requestLine('r1'))
    await expect(convertTrace({ inputs: [input], output: '/proc/nope/out.pftrace' })).rejects.toMatchObject({
      code: 'DYN_OUTPUT_UNWRITABLE',
    })
  })
})
