// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type Environment } from '@dynamo-agent/core'
import { getSystemErrorMessage } from 'node:util'
import { exitCodeOf } from './exit-code.ts'
import type { Output } from './output.ts'

/**
 * Prints an error as three lines: what happened, why, what to do. The stack
 * comes along with DEBUG=dynamo-agent alone.
 *
 * @returns The exit code that goes with it.
 */
export function reportError(error: unknown, output: Output, environment: Environment): number {
  // Who stopped reading the output wants no more of it, and knows why.
  if (isBrokenPipe(error)) return 0
  const [what = '', ...details] = describe(error)
  output.note([`${output.style('red', 'dynamo-agent:')} ${what}`, ...details.map(indent)].join('\n'))
  if (wantsStack(environment)) output.note(stackOf(error))
  return DynamoAgentError.isInstance(error) ? exitCodeOf(error.code) : 1
}

function describe(error: unknown): string[] {
  const message = error instanceof Error ? error.message : String(error)
  if (!DynamoAgentError.isInstance(error)) {
    return [
      `unexpected error: ${message}`,
      'This is a fault of dynamo-agent, not of what you typed.',
      'Run it again with DEBUG=dynamo-agent in the environment and report what it prints.',
    ]
  }
  const reason = reasonOf(error.cause)
  return [message, ...(reason === undefined || says(message, reason) ? [] : [reason]), error.advice]
}

/** What the system says about its own errors, without call names and paths that nobody typed. */
function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  // Node's own numbers are negative. ZeroMQ's are positive, and its message is in words already.
  const number = 'errno' in cause ? Number(cause.errno) : 0
  return number < 0 ? getSystemErrorMessage(number) : cause.message
}

/** A reason is not said twice, and its beginning is enough to know it by: `no such file` or directory. */
function says(message: string, reason: string): boolean {
  return message.includes(reason.split(' ').slice(0, 3).join(' '))
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}

function wantsStack(environment: Environment): boolean {
  return (environment.DEBUG ?? '').split(/[\s,]+/).some((name) => name === 'dynamo-agent' || name === '*')
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? error.message
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`
}

function isBrokenPipe(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && error.code === 'EPIPE') || isBrokenPipe(error.cause)
}
