// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const main = join(import.meta.dirname, '../src/main.ts')

test('without Python it says what to install', () => {
  const folder = mkdtempSync(join(tmpdir(), 'real-dynamo-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '1.6.1'], {
    env: { PATH: folder, XDG_CACHE_HOME: folder },
    encoding: 'utf8',
  })
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/^python3 cannot make a virtual environment; install Python .* ENOENT\n$/)
})
