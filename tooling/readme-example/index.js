// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Runs the first `ts` block of a package's README as a program of its own, as
 * a reader who copies it would, and returns what it printed. The file lies
 * inside the package, so that the package's own name resolves.
 *
 * @param {string} packageFolder
 * @param {Record<string, string>} [environment] Added to the program's environment.
 */
export async function runReadmeExample(packageFolder, environment = {}) {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  const program = /```ts\n([\s\S]*?)```/.exec(readme)?.[1]
  if (program === undefined) throw new Error(`no ts block in ${packageFolder}/README.md`)
  const folder = join(packageFolder, '.readme-example')
  const file = join(folder, `${process.pid}.ts`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, program)
  try {
    return await promisify(execFile)(process.execPath, [file], {
      cwd: packageFolder,
      env: { ...process.env, ...environment },
      // One that hangs; the demo takes ten seconds, and many times that beside everything else.
      timeout: 100_000,
    })
  } finally {
    rmSync(file)
  }
}
