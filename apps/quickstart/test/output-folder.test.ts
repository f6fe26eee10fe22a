// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { prepareOutput } from '../src/output-folder.ts'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'quickstart-output-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

it('replaces what an older run left, and nothing else', async () => {
  const folder = await temporaryFolder()
  const paths = await prepareOutput(folder)
  await writeFile(paths.trace, 'old')
  await writeFile(paths.timeline, 'old')
  await writeFile(join(paths.project, 'src/old.js'), 'old')
  await writeFile(join(folder, 'notes.txt'), 'mine')

  expect(await prepareOutput(folder)).toEqual(paths)
  expect((await readdir(folder)).sort()).toEqual(['notes.txt', 'quickstart-project'])
  expect(await readdir(join(paths.project, 'src'))).not.toContain('old.js')
})

it.each(['trace.jsonl', 'trace.pftrace', 'quickstart-project/package.json'])(
  'refuses a folder with a %s of somebody else, and leaves it alone',
  async (name) => {
    const folder = await temporaryFolder()
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, 'mine')
    await expect(prepareOutput(folder)).rejects.toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE' })
    expect(await readFile(path, 'utf8')).toBe('mine')
  },
)

it.runIf(existsSync('/proc/self'))('says where the system makes no folder', async () => {
  await expect(prepareOutput('/proc/nope')).rejects.toMatchObject({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: 'cannot write to /proc/nope',
  })
})
