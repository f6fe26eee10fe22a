// SPDX-License-Identifier: Apache-2.0
import { growthOf, type ContextSize, type HarnessOutcome, type TokenUsage, type Turn } from '@dynamo-agent/core'
import type { PiMeasuredMessage } from '../pi/harness-events.ts'

/** A turn that has not ended. */
export interface OpenTurn {
  readonly startedAtMs: number
  /** Absent until the model has answered. */
  answer?: {
    readonly message: PiMeasuredMessage
    /** What the model was given. */
    readonly context: ContextSize
    readonly requestId: string | undefined
  }
}

export interface TurnEnd {
  readonly endedAtMs: number
  readonly turnIndex: number
  /** Of the turn before. */
  readonly previous: ContextSize | undefined
  /** Somebody stopped the agent, or the session ended, before its tools did. */
  readonly isCut: boolean
}

/** @returns undefined for a turn that ended before the model said anything. */
export function describeTurn({ startedAtMs, answer }: OpenTurn, end: TurnEnd): Turn | undefined {
  if (answer === undefined) return undefined
  const { message, requestId } = answer
  const { provider = 'unknown', model = 'unknown', stopReason } = message
  const usage = readUsage(message)
  const context = { ...answer.context, ...(usage?.inputTokens !== undefined && { tokens: usage.inputTokens }) }
  return {
    turnIndex: end.turnIndex,
    startedAtMs,
    durationMs: end.endedAtMs - startedAtMs,
    provider,
    model,
    ...(requestId !== undefined && { requestId }),
    outcome: end.isCut ? 'cancelled' : outcomeOf(stopReason),
    toolCalls: countToolCalls(message),
    context,
    ...(end.previous && { growth: growthOf(end.previous, context) }),
    ...(usage && { usage }),
  }
}

function countToolCalls({ content }: PiMeasuredMessage): number {
  const parts: readonly unknown[] = Array.isArray(content) ? content : []
  return parts.filter(isToolCall).length
}

function isToolCall(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'type' in part && part.type === 'toolCall'
}

function outcomeOf(stopReason: string | undefined): HarnessOutcome {
  if (stopReason === 'aborted') return 'cancelled'
  return stopReason === 'error' ? 'error' : 'succeeded'
}

/** Pi counts cached tokens beside the input, and fills in zeros where it was told nothing. */
function readUsage({ usage }: PiMeasuredMessage): TokenUsage | undefined {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0, cost } = usage ?? {}
  const inputTokens = input + cacheRead + cacheWrite
  if (inputTokens + output === 0) return undefined
  const costUsd = cost?.total ?? 0
  return { inputTokens, outputTokens: output, cachedTokens: cacheRead, ...(costUsd > 0 && { costUsd }) }
}
