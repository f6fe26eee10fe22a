// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs a command to its end; fails with what it printed. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  await promisify(execFile)(command, args, { cwd, maxBuffer: 64 * 1024 * 1024 })
}

const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline', '--legacy-peer-deps']

/** Installs from the npm registry into `folder`. */
export function npmInstall(folder: string, packages: readonly string[]): Promise<void> {
  return run('npm', ['install', '--prefix', folder, ...quiet, ...packages], folder)
}
