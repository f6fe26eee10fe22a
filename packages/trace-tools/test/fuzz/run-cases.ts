// SPDX-License-Identifier: Apache-2.0
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Message } from './programs/run-cases.ts'

const program = join(import.meta.dirname, 'programs', 'run-cases.ts')

/**
 * A case takes some hundredths of a second, so this is a hang also where the
 * machine has thousands of other things to do.
 */
const HANGS_AFTER_MS = 10 * 60_000
const HEAP_LIMIT_MIB = 256
const MOST_ERROR_TEXT = 1000

/** For a test of cases: that one of them hangs is found out here, and how long all take depends on the machine. */
export const NO_LIMIT_MS = 0

/** More than caches and compiled code still grow by, and less than what a thousand cases of 10 KB leave behind. */
export const MOST_GROWTH_BYTES = 8 * 2 ** 20

/** What came of the cases of one kind of damage. */
export interface Outcome {
  readonly cases: number
  /** What went wrong in which case, and how to play that case again. */
  readonly problems: readonly string[]
  /** Memory in use at the end beyond that in use after the first cases; absent when it did not get there. */
  readonly grownBytes?: number
}

/**
 * Runs cases in a process of their own, with little memory, so that a case
 * that never ends or takes the process down is found out like any other.
 *
 * @param damage The name of the kind, with `text: ` or `gzip: ` before it.
 */
export function runCases(damage: string, cases: number): Promise<Outcome> {
  const child = fork(program, [damage, '0', String(cases)], {
    // Threads that help to collect so small a heap cost more than they save.
    execArgv: ['--expose-gc', '--single-threaded-gc', `--max-old-space-size=${HEAP_LIMIT_MIB}`],
    silent: true,
  })
  const problems: string[] = []
  let seed = 0
  let done: Extract<Message, { kind: 'done' }> | undefined
  let errorText = ''

  const report = (problem: string): void => {
    problems.push(`${problem} (node packages/trace-tools/test/fuzz/programs/run-cases.ts '${damage}' ${seed})`)
  }
  const hangs = setTimeout(() => {
    report('hangs')
    child.kill('SIGKILL')
  }, HANGS_AFTER_MS)

  child.stderr?.on('data', (chunk: Buffer) => (errorText += chunk.toString()))
  child.on('message', (message: Message) => {
    hangs.refresh()
    if (message.kind === 'done') done = message
    else seed = message.seed
    if (message.kind === 'failure') report(message.problem)
  })
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(hangs)
      if (code !== 0 && problems.length === 0) report(`ends with ${signal ?? `exit code ${code}`}: ${errorText.slice(0, MOST_ERROR_TEXT)}`)
      resolve({
        cases: done?.cases ?? 0,
        problems,
        ...(done && { grownBytes: done.bytesAfter - done.bytesBefore }),
      })
    })
  })
}
