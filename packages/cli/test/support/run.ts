// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The command as a person runs it from a clone. */
export const bin = join(import.meta.dirname, '../../src/bin.ts')

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  /** What was printed so far. */
  readonly printed: { stdout: string; stderr: string }
  readonly finished: Promise<Finished>
  /** Resolves as soon as the text was printed on either stream; rejects when the command ends without it. */
  shows(text: string): Promise<void>
}

export interface RunOptions {
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly input?: string | Buffer
  /** Who runs it; only root can say so. */
  readonly uid?: number
  /** Gives the command a process group of its own, as a shell does. */
  readonly ownGroup?: boolean
}

/** Nothing of the shell that runs the tests decides a test. */
const quietEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(DYN|OPENAI|npm_|NO_COLOR|FORCE_COLOR|INIT_CWD|NODE_|DEBUG|VITEST|(https?|no|all)_proxy$)/i.test(name),
  ),
)

/** Starts the real command in a child process. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...quietEnvironment, ...options.environment },
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
    detached: options.ownGroup ?? false,
  })
  const printed = { stdout: '', stderr: '' }
  let wake: () => void = () => undefined
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
      wake()
    })
  }
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  const finished = once(child, 'close').then(([code, signal]): Finished => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    ...printed,
  }))
  async function shows(text: string): Promise<void> {
    const ended = finished.then(() => 'ended')
    while (!`${printed.stdout}\n${printed.stderr}`.includes(text)) {
      const more = new Promise<string>((resolve) => {
        wake = () => {
          resolve('more')
        }
      })
      if ((await Promise.race([more, ended])) === 'ended' && !`${printed.stdout}\n${printed.stderr}`.includes(text)) {
        throw new Error(`ended without ${JSON.stringify(text)}:\n${printed.stdout}\n${printed.stderr}`)
      }
    }
  }
  return { child, printed, finished, shows }
}

/** Runs the real command to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return await start(args, options).finished
}

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dynamo-agent-cli-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}
