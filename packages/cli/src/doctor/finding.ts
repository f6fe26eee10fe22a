// SPDX-License-Identifier: Apache-2.0
import { quote, shellLines, type ShellVariables } from './shell.ts'

/** Every check, in no order. */
export type CheckName =
  | 'versions'
  | 'environment'
  | 'frontend'
  | 'authentication'
  | 'models'
  | 'model'
  | 'dialect'
  | 'variables'
  | 'tracing'
  | 'zeromq'
  | 'tool events'
  | 'request'
  | 'trace file'
  | 'trace rows'
  | 'clock'

/** `FAIL` is a problem, `warn` something that works and yet deserves a look, `skip` was not checked. */
export type Status = 'ok' | 'FAIL' | 'warn' | 'skip'

/** What to type. */
export interface Cure {
  /** Where and when to type it; the lines follow. */
  readonly instruction: string
  /** Ready for a shell. A word in capitals stands for what only the reader knows. */
  readonly lines: readonly string[]
  /** What the lines set, null for unset; absent where they set nothing or the reader must fill in. */
  readonly variables?: ShellVariables
}

/** What a check saw. */
export interface Observation {
  readonly status: Status
  /** One line. */
  readonly seen: string
  /** Why that is so, or what follows from it, in one or two sentences. */
  readonly meaning?: string
  /** Each one is needed, unless its instruction says otherwise. */
  readonly cures?: readonly Cure[]
  /** Completes "Without it mended, …". */
  readonly consequence?: string
}

/** An observation and whose it is. */
export interface Finding extends Observation {
  readonly check: CheckName
  /** The problem that kept it from being checked. */
  readonly blockedBy?: CheckName
}

/** What a problem or a warning says besides what was seen. */
export type Explanation = Pick<Observation, 'meaning' | 'cures' | 'consequence'>

export function ok(seen: string): Observation {
  return { status: 'ok', seen }
}

export function skip(seen: string): Observation {
  return { status: 'skip', seen }
}

export function fail(seen: string, explanation: Explanation): Observation {
  return { status: 'FAIL', seen, ...explanation }
}

export function warn(seen: string, explanation: Explanation): Observation {
  return { status: 'warn', seen, ...explanation }
}

/** A cure that sets variables. */
export function setVariables(instruction: string, variables: ShellVariables): Cure {
  return { instruction, lines: shellLines(variables), variables }
}

/**
 * A cure for a frontend of which only answers are seen. By those,
 * `dynamo-agent serve` is a Dynamo; it takes options and reads no variables.
 */
export function setForFrontend(variables: ShellVariables): Cure {
  const options = Object.entries(variables).flatMap(([name, value]) => {
    if (value === null) return []
    if (name.endsWith('_TOOL_EVENTS_ZMQ_ENDPOINT')) return [`--tool-events ${quote(value)}`]
    return /_(OUTPUT|FILE)_PATH$/.test(name) ? [`--trace ${quote(value)}`] : []
  })
  const serve = options.length > 0 ? ` (dynamo-agent serve: ${options.join(' ')})` : ''
  return setVariables(`Before starting the frontend${serve}:`, variables)
}

/** A cure that is commands, or lines that the reader must fill in. */
export function type(instruction: string, ...lines: readonly string[]): Cure {
  return { instruction, lines }
}
