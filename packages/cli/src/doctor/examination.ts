// SPDX-License-Identifier: Apache-2.0
import type { Detection, ListedModel } from '@dynamo-agent/client'
import {
  environmentVariables,
  type AgentContext,
  type DialectName,
  type DynamoAgentError,
  type Environment,
  type EnvironmentSettings,
  type EnvironmentVariableName,
} from '@dynamo-agent/core'
import type { CheckName, Observation } from './finding.ts'
import { readFrontendTracing, tracePrefixOf, type FrontendTracing } from './frontend-variables.ts'
import type { TraceSummary } from './trace/summarize-rows.ts'
import type { TraceWatch } from './trace/trace-watch.ts'

export interface ExamineOptions {
  readonly environment: Environment
  /** Sends one request, which costs a token. @defaultValue false */
  readonly request?: boolean | undefined
  /** The file that Dynamo writes, as its own variable names it. */
  readonly traceFile?: string | undefined
  /** A model that the user wants to use, with or without Pi's `dynamo/` before it. */
  readonly model?: string | undefined
  /** Where packages are looked for. @defaultValue the current folder */
  readonly folder?: string | undefined
  /** How long rows may take to the file. @defaultValue four flush intervals of the frontend, 1000 at least */
  readonly rowLimitMs?: number | undefined
  /** How long one answer of the frontend may take; a chat completion gets six times as much. @defaultValue 5000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Told of each check before it begins. */
  readonly onCheck?: ((check: CheckName) => void) | undefined
  /** @defaultValue one with connections of its own, which asks through no proxy */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Epoch milliseconds. @defaultValue Date.now */
  readonly now?: (() => number) | undefined
}

/** A moment of this machine's clock and of another one, in epoch milliseconds. */
export interface ClockSample {
  readonly theirsMs: number
  /** Their clock showed it at some time between these. */
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** What checks learn and later checks build on. */
export interface Facts {
  /** Status of the model list; absent when nobody answered. */
  status?: number
  /** Where the question for the model list ended, if it was redirected. */
  redirectedTo?: string
  /** Why there is no model list. */
  modelsProblem?: DynamoAgentError
  models?: readonly ListedModel[]
  /** From the `Date` header, which has whole seconds. */
  headerClock?: ClockSample
  detection?: Detection
  /** Where somebody listens for tool events. */
  toolEndpoint?: string
  /** The request was answered; its row must name the trajectory of `probe`. */
  requestSent?: { readonly sentMs: number; readonly answeredMs: number }
  /** From the row of that request. */
  rowClock?: ClockSample
  trace?: TraceSummary
}

/** Options with their defaults filled in. */
interface CompleteOptions extends ExamineOptions {
  readonly folder: string
  /** Absolute. */
  readonly traceFile: string | undefined
  readonly timeoutMs: number
  readonly fetch: typeof globalThis.fetch
  readonly now: () => number
}

/** What every check gets. */
export interface Examination {
  readonly options: CompleteOptions
  readonly environment: Environment
  readonly settings: EnvironmentSettings
  /** Whose the request and the tool event of this examination are; recognisable in every trace. */
  readonly probe: AgentContext
  /** The rows that come from now on; absent without a trace file. */
  readonly watch: TraceWatch | undefined
  readonly facts: Facts
}

/** One question, with everything that the answer means. */
export interface Check {
  readonly name: CheckName
  /** Checks whose failure makes this one say nothing of its own. */
  readonly needs: readonly CheckName[]
  /** Variables that it builds on, by their name in the table: while one cannot be used, it says nothing either. */
  readonly reads?: readonly EnvironmentVariableName[]
  /** What to give for this check, where it was not asked for; it is then nobody's fault that it says nothing. */
  unasked?(examination: Examination): string | undefined
  run(examination: Examination): Observation | Promise<Observation>
}

/** Begins every id that doctor sends. */
export const PROBE_PREFIX = 'dynamo-agent-doctor-'

/** A variable's own name and its aliases. */
export function namesOf(name: EnvironmentVariableName): readonly string[] {
  const variable = environmentVariables.find((candidate) => candidate.name === name)
  return [name, ...(variable?.aliases ?? [])]
}

/** The dialect that the frontend speaks, as far as is known. */
export function dialectOf({ facts }: Examination): DialectName {
  return facts.detection?.dialect ?? 'session-headers'
}

/** The release of the frontend, where it has told. */
export function releaseOf({ facts: { detection } }: Examination): string | undefined {
  return detection?.by === 'openapi' ? detection.release : undefined
}

/** `Dynamo 1.6.1`. */
export function nameFrontend(examination: Examination): string {
  const release = releaseOf(examination)
  return release === undefined ? 'this Dynamo' : `Dynamo ${release}`
}

/** How long rows may take from the frontend to the file. */
export function rowLimitOf(examination: Examination): number {
  return examination.options.rowLimitMs ?? Math.max(1000, 4 * tracingOf(examination).flushIntervalMs)
}

/** What a frontend of the generation that was found would do, started from this shell. */
export function tracingOf(examination: Examination): FrontendTracing {
  return readFrontendTracing(examination.environment, tracePrefixOf(dialectOf(examination)), releaseOf(examination))
}
