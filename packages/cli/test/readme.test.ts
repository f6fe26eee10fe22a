// SPDX-License-Identifier: Apache-2.0
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from '../src/commands.ts'

const packageFolder = join(import.meta.dirname, '..')

test('the example in the README records a session', async () => {
  const { stdout, stderr } = await runReadmeExample(packageFolder)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^Session +readme\nTraffic +1 session, 1 trajectory, 1 request, 0 tool calls;/)
})

test('the README names every command and every option', async () => {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  for (const { name, load } of commands) {
    expect(readme).toContain(`\`${name} `)
    const { optionNames } = await load()
    for (const option of optionNames) expect(readme).toContain(option === 'output' ? '`-o PATH`' : `--${option}`)
  }
})
