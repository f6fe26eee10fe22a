// SPDX-License-Identifier: Apache-2.0
// Packs the package in the current folder as it would be published and holds
// the tarball to publint and attw: what users install is what is checked.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'pack-check-'))
const run = (command, ...args) => execFileSync(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  run('pnpm', 'pack', '--pack-destination', folder)
  const tarball = join(folder, readdirSync(folder)[0])
  run('publint', '--strict', tarball)
  run('attw', '--profile', 'esm-only', tarball)
} catch (error) {
  process.stderr.write(error.stdout ?? `${error}\n`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
