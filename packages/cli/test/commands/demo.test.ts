// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { run, start, temporaryFolder } from '../support/run.ts'

test('shows each step, the sums, and where everything is', { timeout: 90_000 }, async () => {
  const folder = temporaryFolder()
  const { code, stdout, stderr } = await run(['demo'], { cwd: folder })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(
    /^Frontend {3}http:\/\/127\.0\.0\.1:\d+\/v1 {3}scripted model, 2 simulated workers\nAgent {6}pi 0\.87\.1 /,
  )
  expect(stdout).toMatch(/^ {2}▸ .*ran the tests \(1 failing\) +\d+\.\d s$/m)
  expect(stdout).toMatch(/^ {2}▸ .*2 subagents: .*$/m)
  expect(stdout).toMatch(/^ {2}▸ .*ran the tests \(all pass\) +\d+\.\d s$/m)
  expect(stdout).toMatch(/^1 session, 3 trajectories, \d+ requests, \d+ tool calls \(\d+ errors?\), \S+ s wall$/m)
  for (const part of ['prefill wait', 'prefill', 'decode', 'tools', 'agent']) {
    expect(stdout).toMatch(new RegExp(`^  ${part} +[█▏▎▍▌▋▊▉]* +\\d+\\.\\d s +\\d+ %$`, 'm'))
  }
  expect(stdout).toMatch(/^KV cache reused \d+ % of [\d,]+ input tokens/m)
  expect(stdout).toMatch(/^Trace +demo\/trace\.jsonl /m)
  expect(stdout).toMatch(/^Timeline +demo\/trace\.pftrace /m)
  expect(readdirSync(join(folder, 'demo'))).toEqual(expect.arrayContaining(['trace.jsonl', 'trace.pftrace']))
})

test('stops at Ctrl-C', async () => {
  const demo = start(['demo'], { cwd: temporaryFolder() })
  await demo.shows('Agent ')
  demo.child.kill('SIGINT')
  expect(await demo.finished).toMatchObject({ code: 130, stderr: 'dynamo-agent: stopped\n' })
})

test('says what to type where the demo is not installed', async () => {
  const folder = temporaryFolder()
  const hooks = join(folder, 'not-installed.mjs')
  writeFileSync(
    hooks,
    `import { registerHooks } from 'node:module'
     registerHooks({
       resolve: (specifier, context, next) =>
         next(specifier === '@dynamo-agent/quickstart' ? '@dynamo-agent/is-not-installed' : specifier, context),
     })`,
  )
  const environment = { NODE_OPTIONS: `--import ${pathToFileURL(hooks).href}` }
  const { code, stdout, stderr } = await run(['demo'], { cwd: folder, environment })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr.trimEnd().split('\n')).toEqual([
    'dynamo-agent: the demo needs @dynamo-agent/quickstart, which is not wholly installed',
    expect.stringMatching(/^ {2}Cannot find package '@dynamo-agent\/is-not-installed'/),
    '  npx -y -p dynamo-agent -p @dynamo-agent/quickstart dynamo-agent demo',
  ])
  expect(existsSync(join(folder, 'demo'))).toBe(false)
})

test('says when its folder cannot be written', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'demo'), 'a file is in the way')
  const { code, stderr } = await run(['demo'], { cwd: folder })
  expect(code).toBe(2)
  expect(stderr).toMatch(/^dynamo-agent: cannot write to .*demo\n/)
})
