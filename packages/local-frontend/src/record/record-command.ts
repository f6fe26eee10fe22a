// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { DynamoAgentError } from '@dynamo-agent/core'
import type { LocalFrontend } from '../options.ts'
import { passSignalsOn, type SignalSource } from './pass-signals-on.ts'

/** Which command to run, and how. */
export interface RecordCommandOptions {
  readonly command: string
  /** @defaultValue none */
  readonly args?: readonly string[] | undefined
  /** @defaultValue the current folder */
  readonly cwd?: string | undefined
  /** What the command's environment is made of. @defaultValue `process.env` */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** The frontend that the command is to talk to. */
  readonly frontend: Pick<LocalFrontend, 'environmentFor' | 'drain'>
  /** @defaultValue `inherit` */
  readonly stdio?: StdioOptions | undefined
  /** Given the running command, for its pipes and its process id. @defaultValue nobody asks */
  readonly onSpawn?: ((child: ChildProcess) => void) | undefined
  /**
   * The command is in the foreground of the same terminal, whose Ctrl-C
   * reaches it directly. @defaultValue whether stdio is inherited from a terminal
   */
  readonly sharesTerminal?: boolean | undefined
  /** Whose signals are passed on. @defaultValue this process */
  readonly signals?: SignalSource | undefined
}

/** How a recorded command ended. */
export interface RecordedCommand {
  /** The command's status; 128 + n when signal n ended it, as shells report it. */
  readonly exitCode: number
  readonly signal?: NodeJS.Signals
  readonly durationMs: number
}

/**
 * Runs a command so that it talks to the frontend, passes signals on to it,
 * and when it has ended waits for its last events and rows.
 *
 * @throws DynamoAgentError `DYN_COMMAND_FAILED` when it cannot be started.
 */
export async function recordCommand(options: RecordCommandOptions): Promise<RecordedCommand> {
  const { command, args = [], cwd, frontend, environment = process.env, stdio = 'inherit', signals = process } = options
  const sharesTerminal = options.sharesTerminal ?? (stdio === 'inherit' && process.stdin.isTTY)
  const startedMs = performance.now()
  let stopPassing: (() => void) | undefined
  try {
    const child = spawn(command, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...environment, ...frontend.environmentFor(environment) },
      stdio,
    })
    stopPassing = passSignalsOn(child, { signals, sharesTerminal })
    const ended = endOf(child)
    options.onSpawn?.(child)
    return { ...(await ended), durationMs: performance.now() - startedMs }
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, options)
  } finally {
    stopPassing?.()
    await frontend.drain()
  }
}

function endOf(child: ChildProcess): Promise<Pick<RecordedCommand, 'exitCode' | 'signal'>> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      // Also emitted when a signal could not be sent to a command that runs.
      if (child.pid === undefined) reject(error)
    })
    child.once('exit', (status, signal) => {
      resolve(signal === null ? { exitCode: status ?? 1 } : { exitCode: 128 + constants.signals[signal], signal })
    })
  })
}

function explain(error: NodeJS.ErrnoException, { command, cwd }: RecordCommandOptions): DynamoAgentError {
  const shared = { code: 'DYN_COMMAND_FAILED', cause: error } as const
  // spawn reports a missing folder as a missing command.
  if (error.code === 'ENOENT' && cwd !== undefined && !existsSync(cwd)) {
    return new DynamoAgentError({
      ...shared,
      message: `the folder ${cwd} does not exist`,
      advice: 'Give a folder that exists to run the command in.',
    })
  }
  if (error.code === 'ENOENT') {
    return new DynamoAgentError({
      ...shared,
      message: `the command ${command} was not found`,
      advice: `Check its spelling, install it, or give its whole path.`,
    })
  }
  if (error.code === 'EACCES' && isFolder(command, cwd)) {
    return new DynamoAgentError({
      ...shared,
      message: `the command ${command} is a folder`,
      advice: 'Name the program to run, not the folder it is in.',
    })
  }
  return new DynamoAgentError({
    ...shared,
    message: `the command ${command} cannot be started: ${error.code ?? error.message}`,
    advice: error.code === 'EACCES' ? `Make it executable: chmod +x ${command}` : 'Try to run it by itself first.',
  })
}

function isFolder(command: string, cwd = '.'): boolean {
  return statSync(resolve(cwd, command), { throwIfNoEntry: false })?.isDirectory() ?? false
}
