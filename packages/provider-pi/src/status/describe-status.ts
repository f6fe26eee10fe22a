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
  /** Why they cannot be sent at all. */
  readonly problem?: DynamoAgentError | undefined
}

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
  const server = status.evidence?.by === 'openapi' ? `Dynamo ${status.evidence.release}` : 'Dynamo'
  if (findTroubles(status).length > 0) return `${server}: see /dynamo`
  return status.lastAnswer === undefined ? server : `${server}, ${cachedPercent(status.lastAnswer)} % cached`
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
  if (toolEvents === undefined) return 'off: DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT is not set'
  const { relay, unrelayed = 0 } = toolEvents.counters ?? {}
  const { sent = 0, queued = 0, dropped = 0 } = relay ?? {}
  return `${number(sent)} sent to ${toolEvents.endpoint}, ${number(queued)} waiting, ${number(dropped + unrelayed)} dropped`
}

function describeHarnessLog(log: HarnessLogStatus | undefined): string {
  if (log === undefined) return 'off: DYN_AGENT_HARNESS_LOG is not set'
  return `${number(log.written)} rows written to ${log.path}, ${number(log.waiting)} waiting, ${number(log.dropped)} dropped`
}

function findTroubles({ models, toolEvents, harnessLog, environmentProblems, settingProblems }: Status): readonly Trouble[] {
  const troubles: Trouble[] = environmentProblems.map(({ variable, value, problem }) => ({
    what: `${variable}=${value} ${problem}; its default holds`,
    advice: `Correct or unset ${variable}, and start Pi again.`,
  }))
  for (const { file, setting, problem } of settingProblems) {
    troubles.push({ what: `${setting} in ${file} ${problem}`, advice: 'Correct it there, then type /reload.' })
  }
  if (models.problem !== undefined) troubles.push({ what: models.problem.message, advice: models.problem.advice })
  else if (models.count === 0) {
    const advice = 'Start a worker: Pi finds its models within seconds.'
    troubles.push({ what: 'the frontend lists no model', advice })
  }
  if (toolEvents?.problem !== undefined) {
    troubles.push({ what: toolEvents.problem.message, advice: toolEvents.problem.advice })
  } else if (toolEvents?.counters?.relay !== undefined && isUnheard(toolEvents.counters.relay)) {
    troubles.push({
      what: `nobody takes tool events at ${toolEvents.endpoint}`,
      advice: `Before starting the frontend: export DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT=${toolEvents.endpoint}`,
    })
  }
  if (harnessLog?.problem !== undefined) {
    troubles.push({ what: harnessLog.problem.message, advice: harnessLog.problem.advice })
  }
  return troubles
}

function isUnheard({ sent, queued }: { readonly sent: number; readonly queued: number }): boolean {
  return sent === 0 && queued > 0
}
