// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readTar } from '../src/tar.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tar-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

it('reads what tar writes, whatever the size of a file', () => {
  const contents = new Map([0, 1, 511, 512, 513, 5000].map((size) => [`package/${size}.txt`, 'x'.repeat(size)]))
  mkdirSync(join(folder, 'package'))
  for (const [path, content] of contents) writeFileSync(join(folder, path), content)
  const archive = execFileSync('tar', ['--create', '--format=ustar', ...contents.keys()], { cwd: folder })
  const read = new Map([...readTar(archive)].map(([path, content]) => [path, Buffer.from(content).toString()]))
  expect(read).toEqual(contents)
})
