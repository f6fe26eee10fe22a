// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { cleanEnvironment } from './agent-environment.ts'
import { readTestSummary, type TestSummary } from './test-summary.ts'

const original = fileURLToPath(new URL('../project', import.meta.url))

/** Puts a copy of the project with the bug into a folder. */
export async function copyProject(folder: string): Promise<void> {
  await cp(original, folder, { recursive: true })
}

/** Runs the project's tests in a process of their own; undefined when they did not even start. */
export function runProjectTests(folder: string, signal?: AbortSignal): Promise<TestSummary | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: cleanEnvironment(), timeout: 30_000, ...(signal && { signal }) }
    execFile(process.execPath, ['--test'], options, (_error, stdout) => {
      resolve(readTestSummary(stdout))
    })
  })
}
