// SPDX-License-Identifier: Apache-2.0
import {
  growthOf,
  type AgentContext,
  type ContextSize,
  type HarnessRecord,
  type RequestError,
  type Turn as TurnFields,
} from '@dynamo-agent/core'
import { measurePrompt } from './prompt-size.ts'
import { createTurn, describeUsage, type EndedTurn, type Turn, type TurnCall } from './turn.ts'

/** The SDK's own; a call may say otherwise. */
const DEFAULT_MAX_RETRIES = 2

/** What a harness log tells of one trajectory, from its first call to its end in this process. */
export interface TrajectoryLog {
  /** How often the SDK tries a call again that begins now. @defaultValue 2 */
  maxRetries: number
  /** ai@6 tells of the steps of this trajectory. @defaultValue false */
  tellsSteps: boolean
  /** The turns that have not ended. */
  readonly open: ReadonlySet<Turn>
  /** @param inStep The turn is part of a step whose end will be told. */
  beginTurn(call: TurnCall, inStep: boolean): Turn
  /** Closes what is open as cancelled. */
  end(reason: string): void
}

export function createTrajectoryLog(
  identity: AgentContext,
  write: (record: HarnessRecord) => void,
): TrajectoryLog {
  const startedMs = performance.now()
  const open = new Set<Turn>()
  const totals = { turns: 0, toolCalls: 0, requestErrors: 0 }
  let turnIndex = 0
  let previous: ContextSize | undefined

  const base = () => ({ eventTimeMs: Date.now(), source: 'ai-sdk', identity })
  const log: TrajectoryLog = {
    maxRetries: DEFAULT_MAX_RETRIES,
    tellsSteps: false,
    open,
    beginTurn(call, inStep) {
      const { maxRetries } = log
      const turn = createTurn({
        call,
        turnIndex: turnIndex++,
        listener: {
          maxRetries,
          tellsSteps: inStep || log.tellsSteps,
          attemptFailed,
          ended(ended) {
            open.delete(turn)
            turnEnded(ended)
          },
        },
      })
      open.add(turn)
      return turn
    },
    end(reason) {
      for (const turn of open) turn.cancel()
      const durationMs = performance.now() - startedMs
      write({ ...base(), type: 'session_end', session: { reason, durationMs, ...totals } })
    },
  }

  function attemptFailed(error: RequestError): void {
    totals.requestErrors++
    write({ ...base(), type: 'request_error', error })
  }

  function turnEnded({ call, requestId, answer, ...times }: EndedTurn): void {
    const tokens = answer?.usage.inputTokens.total
    const context = { ...measurePrompt(call.prompt), ...(tokens !== undefined && { tokens }) }
    const turn: TurnFields = {
      ...times,
      provider: call.provider,
      model: call.model,
      ...(requestId !== undefined && { requestId }),
      ...(answer !== undefined && { toolCalls: answer.toolCalls, usage: describeUsage(answer.usage) }),
      context,
      ...(previous !== undefined && { growth: growthOf(previous, context) }),
    }
    previous = context
    totals.turns++
    totals.toolCalls += answer?.toolCalls ?? 0
    write({ ...base(), type: 'turn_end', turn })
  }

  write({ ...base(), type: 'session_start', session: { reason: 'first-call' } })
  return log
}
