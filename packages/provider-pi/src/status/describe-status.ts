// SPDX-License-Identifier: Apache-2.0
import type { DialectEvidence } from '@dynamo-agent/client/detect'
import {
  type AgentContext,
  type DialectName,
  type DynamoAgentError,
  type EnvironmentProblem,
  type HarnessLogStatus,
} from '@dynamo-agent/core'
import type { HintStatus } from '../session/session-hints.ts'
import type { SettingProblem } from '../settings/dynamo-settings.ts'
import type { PiToolEventsCounters } from '../tools/tool-events.ts'
import { describeHints } from './describe-hints.ts'
import { cachedPercent, type LastAnswer } from './last-answer.ts'

/** Everything that `/dynamo` tells. */
export interface Status {
  readonly baseUrl: string
  readonly dialect: DialectName
  /** Absent before Dynamo has been asked. */
  readonly evidence?: DialectEvidence | undefined
  readonly models: { readonly count: number; readonly problem?: DynamoAgentError | undefined }
  /** Absent before the session has started. */
  readonly context?: AgentContext | undefined
  /** Why what the application says of the session does not count. */
  readonly contextProblem?: DynamoAgentError | undefined
  readonly lastAnswer?: LastAnswer | undefined
  /** Absent when no endpoint is set. */
  readonly toolEvents?: ToolEventsStatus | undefined
  /** Absent when no file is set. */
  readonly harnessLog?: HarnessLogStatus | undefined
  /** Absent before the session has started. */
  readonly hints: HintStatus | undefined
  readonly environmentProblems: readonly EnvironmentProblem[]
  readonly settingProblems: readonly SettingProblem[]
}

export interface ToolEventsStatus {
  readonly endpoint: string
  /** Absent before the relay is needed. */
  readonly counters?: PiToolEventsCounters | undefined
  /** How long events have been waiting and none was taken. */
  readonly waitingMs: number
  /** Why they cannot be sent at all. */
  readonly problem?: DynamoAgentError | undefined
}

/** A receiver takes an event at once, but the first of all waits until it is connected. */
const CONNECTING_MS = 2000

/** What is the matter, and what to do about it. */
interface Trouble {
  readonly what: string
  readonly advice: string
}

const number = (value: number) => value.toLocaleString('en-US')

/** The text of `/dynamo`: what is, line by line, and what is wrong with what to do about it. */
export function describeStatus(status: Status): string {
  const lines: (readonly [string, string])[] = [
    ['frontend', `${status.baseUrl}${describeServer(status.evidence)}`],
    ['dialect', describeDialect(status)],
    ['models', `${number(status.models.count)} listed`],
    ...describeSession(status.context),
    ['last answer', describeAnswer(status.lastAnswer)],
    ...describeServing(status.lastAnswer),
    ['tool events', describeToolEvents(status.toolEvents)],
    ['harness log', describeHarnessLog(status.harnessLog)],
    ...describeHints(status.hints),
  ]
  const troubles = findTroubles(status).flatMap(({ what, advice }) => [`FAIL  ${what}`, `        ${advice}`])
  return [...lines.map(([name, text]) => `${name.padEnd(13)}${text}`), ...troubles].join('\n')
}

/** One line for Pi's footer. */
export function describeBriefly(status: Status): string {
  const { evidence, lastAnswer } = status
  const server = evidence?.by === 'openapi' ? `Dynamo ${evidence.release}` : 'Dynamo'
  if (findTroubles(status).length > 0 || lastAnswer?.error !== undefined) return `${server}: see /dynamo`
  return lastAnswer === undefined || lastAnswer.isAborted ? server : `${server}, ${cachedPercent(lastAnswer)} % cached`
}

function describeServer(evidence: DialectEvidence | undefined): string {
  if (evidence?.by === 'openapi') return `, Dynamo ${evidence.release}`
  return evidence?.by === 'unknown' && !evidence.transient ? ', not known to be a Dynamo' : ''
}

function describeDialect({ dialect, evidence }: Status): string {
  const name = dialect === 'session-headers' ? 'session headers (1.3 and later)' : 'agent context in the body (1.2)'
  if (evidence?.by === 'setting') return `${name}, set by DYN_AGENT_DIALECT`
  return evidence === undefined || evidence.by === 'unknown' ? `${name}, a guess` : name
}

function describeSession(context: AgentContext | undefined): [string, string][] {
  if (context === undefined) return [['session', 'not started']]
  const { sessionId, trajectoryId, parentTrajectoryId } = context
  const parent = parentTrajectoryId === undefined ? '' : `, child of ${parentTrajectoryId}`
  return [
    ['session', sessionId],
    ['trajectory', `${trajectoryId}${parent}`],
  ]
}

function describeAnswer(answer: LastAnswer | undefined): string {
  if (answer === undefined) return 'none yet'
  if (answer.error !== undefined) return `failed: ${answer.error}`
  if (answer.isAborted) return 'stopped before its end'
  const { inputTokens, outputTokens } = answer
  return `${number(inputTokens)} input tokens, ${cachedPercent(answer)} % of them cached; ${number(outputTokens)} output tokens`
}

/** How Dynamo served the last answer, as far as it tells. */
function describeServing({ served }: Partial<LastAnswer> = {}): [string, string][] {
  const { ttftMs, queueDepth } = served?.timing ?? {}
  const { prefillWorkerId, decodeWorkerId } = served?.workerId ?? {}
  const parts = [
    ttftMs !== undefined && `first token after ${number(Math.round(ttftMs))} ms`,
    queueDepth !== undefined && `${number(queueDepth)} requests in the queue`,
    prefillWorkerId !== undefined && prefillWorkerId !== decodeWorkerId && `prefill by worker ${prefillWorkerId}`,
    decodeWorkerId !== undefined && `worker ${decodeWorkerId}`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? [] : [['served', parts.join(', ')]]
}

function describeToolEvents(toolEvents: ToolEventsStatus | undefined): string {
  if (toolEvents === undefined) return 'off: DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT names no endpoint'
  const { sent, waiting, lost } = fateOf(toolEvents)
  return `${number(sent)} sent to ${toolEvents.endpoint}, ${number(waiting)} waiting, ${number(lost)} dropped`
}

function describeHarnessLog(log: HarnessLogStatus | undefined): string {
  if (log === undefined) return 'off: DYN_AGENT_HARNESS_LOG is not set'
  return `${number(log.written)} rows written to ${log.path}, ${number(log.waiting)} waiting, ${number(log.dropped)} dropped`
}

function findTroubles(status: Status): readonly Trouble[] {
  const { models, contextProblem, toolEvents, harnessLog, environmentProblems, settingProblems } = status
  const troubles: Trouble[] = environmentProblems.map(({ variable, value, problem }) => ({
    what: `${variable}=${value} ${problem}, and is passed over`,
    advice: `Correct or unset ${variable}, and start Pi again.`,
  }))
  for (const { file, setting, problem } of settingProblems) {
    troubles.push({ what: `${setting} in ${file} ${problem}`, advice: 'Correct it there, then type /reload.' })
  }
  if (contextProblem !== undefined) troubles.push({ what: contextProblem.message, advice: contextProblem.advice })
  if (models.problem !== undefined) troubles.push({ what: models.problem.message, advice: models.problem.advice })
  else if (models.count === 0) {
    const advice = 'Start a worker: Pi finds its models within seconds.'
    troubles.push({ what: 'the frontend lists no model', advice })
  }
  if (toolEvents !== undefined) troubles.push(...findToolEventTroubles(toolEvents))
  if (harnessLog?.problem !== undefined) {
    troubles.push({ what: harnessLog.problem.message, advice: harnessLog.problem.advice })
  }
  return troubles
}

function findToolEventTroubles(toolEvents: ToolEventsStatus): readonly Trouble[] {
  const { endpoint, waitingMs, problem } = toolEvents
  if (problem !== undefined) return [{ what: problem.message, advice: problem.advice }]
  const { sent, lost } = fateOf(toolEvents)
  const nobodyTakes = waitingMs >= CONNECTING_MS
  if (nobodyTakes && sent === 0) {
    const advice = `Before starting the frontend: export DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT=${endpoint}`
    return [{ what: `nobody takes tool events at ${endpoint}`, advice }]
  }
  if (nobodyTakes) {
    const advice = 'Start the frontend again: those that wait are sent once it listens.'
    return [{ what: `nobody takes tool events at ${endpoint} any more`, advice }]
  }
  const advice = 'Nobody took them for long, or a tool or an id has a name that Dynamo refuses.'
  return lost === 0 ? [] : [{ what: `${number(lost)} tool events are lost`, advice }]
}

/** What became of the events. */
function fateOf({ counters }: ToolEventsStatus): { readonly sent: number; readonly waiting: number; readonly lost: number } {
  const { sent = 0, queued: waiting = 0, dropped = 0 } = counters?.relay ?? {}
  return { sent, waiting, lost: dropped + (counters?.unrelayed ?? 0) }
}
