// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

export interface DynamoProcessOptions {
  readonly python: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
  readonly logFile: string
}

/** A frontend or mocker process whose output goes to a file. */
export interface DynamoProcess {
  readonly running: boolean
  /** The last lines of its log, for error messages. */
  logTail(): string
  /** Ends it; SIGKILL follows when it does not obey within 6 s. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

export function startProcess(options: DynamoProcessOptions): DynamoProcess {
  const log = openSync(options.logFile, 'a')
  const child = spawn(options.python, options.args, {
    cwd: options.cwd,
    env: options.environment,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve()
    })
  })
  const killWithParent = () => child.kill('SIGKILL')
  process.once('exit', killWithParent)
  void ended.then(() => process.off('exit', killWithParent))
  return {
    get running() {
      return isRunning(child)
    },
    logTail: () => readFileSync(options.logFile, 'utf8').split('\n').slice(-20).join('\n'),
    async stop(signal = 'SIGTERM') {
      if (!isRunning(child)) return
      child.kill(signal)
      const lastResort = setTimeout(() => child.kill('SIGKILL'), 6000)
      await ended
      clearTimeout(lastResort)
    },
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}
