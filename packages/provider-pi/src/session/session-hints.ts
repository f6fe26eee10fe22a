// SPDX-License-Identifier: Apache-2.0
import {
  createHintPolicy,
  readCallers,
  type AgentContext,
  type AgentHints,
  type Environment,
  type ExplainedHints,
  type HintPolicyOptions,
} from '@dynamo-agent/core'
import type { PiToolEnd, PiToolStart } from '../pi/host.ts'
import type { Relatives } from './relatives.ts'

/** What `/dynamo` tells of hints. */
export interface HintStatus extends ExplainedHints {
  /** Of the latest turn; absent before there was one. */
  readonly sent?: AgentHints | undefined
}

/** The hints of one Pi session. */
export interface SessionHints {
  /** For a turn that goes now. */
  forTurn(): AgentHints
  /** For a call that is no turn. */
  readonly auxiliary: AgentHints
  toolStarted(event: PiToolStart): void
  toolEnded(event: PiToolEnd, aborted: boolean): void
  answered(outputTokens: number): void
  readonly status: HintStatus
}

export function createSessionHints(options: HintPolicyOptions): SessionHints {
  const policy = createHintPolicy(options)
  const startedMs = new Map<string, number>()
  let sent: AgentHints | undefined
  return {
    forTurn() {
      // What has not ended by now never will.
      startedMs.clear()
      sent = policy.turn.hints
      return sent
    },
    auxiliary: policy.auxiliary,
    toolStarted({ toolCallId }) {
      startedMs.set(toolCallId, performance.now())
    },
    toolEnded({ toolCallId, toolName }, aborted) {
      const started = startedMs.get(toolCallId)
      if (started !== undefined && !aborted) policy.toolEnded(toolName, performance.now() - started)
      startedMs.delete(toolCallId)
    },
    answered(outputTokens) {
      policy.answered(outputTokens)
    },
    get status() {
      return { ...policy.turn, sent }
    },
  }
}

export interface ParentSources {
  readonly context: AgentContext
  /** The application that embeds Pi has said who the session is. */
  readonly isGiven: boolean
  readonly relatives: Relatives
  /** As the process was given it. */
  readonly environment: Environment
}

/**
 * The agent that this session is a subagent of, as far as it counts for
 * priorities. One that a person forks, or begins beside the first one, has a
 * parent too, and is a subagent of nobody.
 */
export function findParent(sources: ParentSources): HintPolicyOptions['situation']['parent'] {
  const { context, isGiven, relatives, environment } = sources
  const { parentTrajectoryId } = context
  const { starter, originElsewhere, others = [] } = relatives
  if (parentTrajectoryId === undefined) return undefined
  if (starter !== undefined) return { priority: starter.priority }
  const isParent = ({ trajectoryId }: Pick<AgentContext, 'trajectoryId'>) => trajectoryId === parentTrajectoryId
  const caller = readCallers(environment)?.agents.find(isParent)
  // A subagent may be forked from the very agent that started its process.
  const isForked = caller === undefined && originElsewhere === parentTrajectoryId
  if ((isForked || others.some(({ context }) => isParent(context))) && !isGiven) return undefined
  return { priority: caller?.priority }
}
