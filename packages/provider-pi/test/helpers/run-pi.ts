// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Pi's own program, as `pi` runs it. */
export const piProgram = fileURLToPath(new URL('bundle/cli.js', import.meta.resolve('@earendil-works/pi-coding-agent')))

export const extension = fileURLToPath(new URL('../../src/index.ts', import.meta.url))

export interface PiRun {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Epoch milliseconds. */
  readonly exitedMs: number
}

export interface PiProcess {
  readonly pid: number
  readonly done: Promise<PiRun>
}

/** A Pi with a home of its own, which knows nothing of this user's settings. */
export interface PiSandbox extends AsyncDisposable {
  /** Where Pi works. */
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  start(args: readonly string[], environment?: NodeJS.ProcessEnv): PiProcess
  /** Runs `pi -p` with this extension alone. */
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<PiRun>
}

export async function createPiSandbox(): Promise<PiSandbox> {
  const root = await mkdtemp(join(tmpdir(), 'provider-pi-'))
  const folder = join(root, 'work')
  const home = join(root, 'home')
  await Promise.all([mkdir(folder), mkdir(home)])
  await writeFile(join(home, 'settings.json'), JSON.stringify({ retry: { baseDelayMs: 10 } }))
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PI_|DYN|OPENAI_)/.test(name))
  const environment = {
    ...Object.fromEntries(inherited),
    HOME: home,
    PI_CODING_AGENT_DIR: home,
    PI_OFFLINE: '1',
    PI_SKIP_VERSION_CHECK: '1',
    PI_TELEMETRY: '0',
  }
  const start = (args: readonly string[], extra: NodeJS.ProcessEnv = {}): PiProcess => {
    const child = spawn(process.execPath, [piProgram, '-ne', '-e', extension, '--no-session', '-nc', ...args], {
      cwd: folder,
      env: { ...environment, ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const done = new Promise<PiRun>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status, signal) => {
        resolve({ status, signal, stdout, stderr, exitedMs: Date.now() })
      })
    })
    return { pid: child.pid ?? 0, done }
  }
  return {
    folder,
    environment,
    start,
    run: (args, extra) => start(args, extra).done,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}
