// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { copyProject, runProjectTests } from '../src/project.ts'

it('has one failing test, which the edit of the script mends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quickstart-project-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await copyProject(folder)
  expect(await runProjectTests(folder)).toEqual({ passed: 4, failed: 1 })

  const file = join(folder, 'src/discount.js')
  await writeFile(file, (await readFile(file, 'utf8')).replace('quantity > 10', 'quantity >= 10'))
  expect(await runProjectTests(folder)).toEqual({ passed: 5, failed: 0 })
})
