// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { installRelease } from '../src/install.ts'

const main = join(import.meta.dirname, '../src/main.ts')

test.each([
  { signal: 'SIGTERM', to: 'it alone', isGroup: false },
  { signal: 'SIGINT', to: 'everything of a terminal', isGroup: true },
] as const)(
  '$signal to $to before it is ready leaves no process and no folder',
  { timeout: 600_000 },
  async ({ signal, isGroup }) => {
    await installRelease('1.6.1')
    const folder = mkdtempSync(join(tmpdir(), 'real-dynamo-'))
    const environment = { ...process.env, TMPDIR: folder }
    // A group of its own, to which everything that it starts belongs.
    const child = spawn(process.execPath, [main, '1.6.1'], { env: environment, detached: true, stdio: 'pipe' })
    const { pid = 0 } = child
    onTestFinished(() => {
      if (isAlive(-pid)) process.kill(-pid, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    }
    const ended = once(child, 'close')
    await vi.waitFor(
      () => {
        expect(readdirSync(folder).some((name) => existsSync(join(folder, name, 'mocker.log')))).toBe(true)
      },
      { timeout: 60_000 },
    )
    process.kill(isGroup ? -pid : pid, signal)
    const [code] = (await ended) as [number | null]
    expect({ code, output, left: readdirSync(folder) }).toEqual({ code: 0, output: '', left: [] })
    await vi.waitFor(() => {
      expect(isAlive(-pid)).toBe(false)
    })
  },
)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
