// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const traceTools = join(import.meta.dirname, '../../packages/trace-tools')

/** Installing compiles what runs as WebAssembly; who has changed it since tests the change, not what was compiled before. */
export function setup(): void {
  const compiled = timesOf('wasm')
  const isStale = compiled.length === 0 || Math.max(...timesOf('assembly')) > Math.min(...compiled)
  if (isStale) execFileSync('npm', ['run', '--silent', 'wasm'], { cwd: traceTools, stdio: ['ignore', 'ignore', 'inherit'] })
}

function timesOf(folder: string): number[] {
  const path = join(traceTools, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)
}
