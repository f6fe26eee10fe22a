// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
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
  expect(stdout).toContain('3 tool calls failed on purpose: a file that is not there, 2 × a run of the failing test\n')
  expect(stdout).toMatch(/^[\d,]+ tokens in \(\d+ % from the KV cache\), \d+ out$/m)
  for (const part of ['prefill wait', 'prefill', 'decode', 'tools', 'agent']) {
    expect(stdout).toMatch(new RegExp(`^  ${part} +[█▏▎▍▌▋▊▉]* +\\d+\\.\\d s +\\d+ %$`, 'm'))
  }
  expect(stdout).toMatch(/^KV cache reused \d+ % of [\d,]+ input tokens/m)
  expect(stdout).toMatch(/^Trace +demo\/trace\.jsonl /m)
  expect(stdout).toMatch(/^Timeline +demo\/trace\.pftrace /m)
  expect(readdirSync(join(folder, 'demo'))).toEqual(expect.arrayContaining(['trace.jsonl', 'trace.pftrace']))
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stops at %s, and leaves no settings of the agent behind', async (signal) => {
  const [folder, TMPDIR] = [temporaryFolder(), temporaryFolder()]
  const demo = start(['demo'], { cwd: folder, environment: { TMPDIR } })
  await demo.shows('Agent ')
  demo.child.kill(signal)
  const code = 128 + constants.signals[signal]
  expect(await demo.finished).toMatchObject({ code, stderr: 'dynamo-agent: stopped\n' })
  expect(readdirSync(TMPDIR).filter((name) => name.startsWith('dynamo-agent-pi-'))).toEqual([])
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

test.each(['trace.jsonl', 'trace.pftrace', 'quickstart-project/notes.txt'])(
  'refuses a folder with a %s that no demo left, and leaves it alone',
  async (name) => {
    const folder = temporaryFolder()
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), 'mine')
    const { code, stderr } = await run(['demo', '--output-dir', '.'], { cwd: folder })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^dynamo-agent: .* exists already, and is not from an older run of the demo\n/)
    expect(readFileSync(join(folder, name), 'utf8')).toBe('mine')
  },
)

test.runIf(existsSync('/proc/self'))('says so where the system makes no folder', async () => {
  const { code, stderr } = await run(['demo', '--output-dir', '/proc/nope'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^dynamo-agent: cannot write to \/proc\/nope\n/)
})
