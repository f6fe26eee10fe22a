// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Runs a module in a Node process of its own, in the folder of this package; gives what it printed. */
export async function runProgram(
  source: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...environment },
    timeout: 15_000,
  })
}
