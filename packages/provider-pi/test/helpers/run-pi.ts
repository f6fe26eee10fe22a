// SPDX-License-Identifier: Apache-2.0
import { piEnvironment } from '@dynamo-agent/pi-generations'
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

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

/** A Pi that takes commands, one JSON object on each line. */
export interface PiRpc extends PiProcess {
  send(command: Readonly<Record<string, unknown>>): void
  /** Waits until Pi has said this text so many times. */
  heard(text: string, times?: number): Promise<void>
  /** Closes its input, which ends it. */
  hangUp(): void
}

/** A Pi with a home of its own, which knows nothing of this user's settings. */
export interface PiSandbox extends AsyncDisposable {
  /** Where Pi keeps settings, agents and sessions. */
  readonly home: string
  /** Where Pi works. */
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  start(args: readonly string[], environment?: NodeJS.ProcessEnv): PiProcess
  /** Runs `pi -p` with this extension alone. */
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<PiRun>
  /** Runs `pi --mode rpc` with this extension alone. */
  startRpc(args: readonly string[], environment?: NodeJS.ProcessEnv): PiRpc
}

export interface PiSandboxOptions {
  /** @defaultValue the Pi that this package is developed with */
  readonly program?: string
  /** Packages to `pi install`. @defaultValue the sources of this one, loaded with -e */
  readonly install?: readonly string[]
  /** Whether `-p` keeps its session in a file. @defaultValue false */
  readonly saved?: boolean
}

/** Short waits, and conversations of two turns that can be compacted. */
const settings = { retry: { baseDelayMs: 10 }, compaction: { keepRecentTokens: 1 } }

export async function createPiSandbox(options: PiSandboxOptions = {}): Promise<PiSandbox> {
  const { program = piProgram, install, saved = false } = options
  const root = await mkdtemp(join(tmpdir(), 'provider-pi-'))
  const folder = join(root, 'work')
  const home = join(root, 'home')
  await Promise.all([mkdir(folder), mkdir(home)])
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings))
  const environment = piEnvironment(home)
  const ours = install === undefined ? ['-ne', '-e', extension] : []
  const launch = (args: readonly string[], extra: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...environment, ...extra } })
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
    return { child, pid: child.pid ?? 0, done, said: () => stdout }
  }
  const start = (args: readonly string[], extra?: NodeJS.ProcessEnv): PiProcess => {
    const { child, ...started } = launch([...ours, ...(saved ? [] : ['--no-session']), '-nc', ...args], extra)
    // Pi reads an open standard input to its end before it begins.
    child.stdin.end()
    return started
  }
  const startRpc = (args: readonly string[], extra?: NodeJS.ProcessEnv): PiRpc => {
    const { child, said, ...started } = launch(['--mode', 'rpc', ...ours, '-nc', ...args], extra)
    return {
      ...started,
      send: (command) => child.stdin.write(`${JSON.stringify(command)}\n`),
      async heard(text, times = 1) {
        await vi.waitUntil(() => said().split(text).length > times, { timeout: 20_000 })
      },
      hangUp: () => child.stdin.end(),
    }
  }
  for (const source of install ?? []) {
    const { child, done } = launch(['install', source])
    child.stdin.end()
    const { status, stderr } = await done
    if (status !== 0) throw new Error(`pi install: ${stderr}`)
  }
  return {
    home,
    folder,
    environment,
    start,
    run: (args, extra) => start(args, extra).done,
    startRpc,
    // What a Pi has started may write there for a moment longer.
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  }
}
