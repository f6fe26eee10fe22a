// SPDX-License-Identifier: Apache-2.0
import { installNode } from '@dynamo-agent/pi-generations'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'

const workspace = join(import.meta.dirname, '../../..')
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
/** The oldest that this package runs on. */
const release = '22.19.0'

interface Report {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numTotalTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

let node = ''
beforeAll(async () => {
  node = await installNode(release)
}, 300_000)

function configFor(file: string): string {
  return file.endsWith('.slow.test.ts') ? 'vitest.slow.config.ts' : 'vitest.config.ts'
}

/** Runs a test file on that Node. */
async function runOnOldestNode(file: string): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'provider-ai-sdk-node-'))
  const report = join(folder, 'report.json')
  try {
    // It fails where a test does; the report says which.
    await promisify(execFile)(node, [vitest, 'run', '--config', configFor(file), '--reporter=json', `--outputFile=${report}`, file], {
      cwd: workspace,
      // What this very run has told its workers is not meant for another one.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))),
      maxBuffer: 64 * 1024 * 1024,
    }).catch(() => undefined)
    return JSON.parse(await readFile(report, 'utf8')) as Report
  } finally {
    await rm(folder, { recursive: true })
  }
}

it(`it is Node ${release}`, async () => {
  const { stdout } = await promisify(execFile)(node, ['--version'])
  expect(stdout).toBe(`v${release}\n`)
})

it.each([
  ['provider', 'test/provider/generations.slow.test.ts'],
  ['telemetry', 'test/telemetry/matrix.test.ts'],
  ['harness log', 'test/harness/harness-log.slow.test.ts'],
])('every cell of the %s holds on it', { timeout: 300_000 }, async (_what, file) => {
  const { numPassedTests, numTotalTests, success, testResults } = await runOnOldestNode(
    join('packages/provider-ai-sdk', file),
  )
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ status, fullName }) => (status === 'passed' ? [] : [fullName])),
  )
  expect(failed).toEqual([])
  expect(success).toBe(true)
  expect(numTotalTests).toBeGreaterThan(50)
  expect(numPassedTests).toBe(numTotalTests)
})
