// SPDX-License-Identifier: Apache-2.0
import { withAgentContext, type AgentContext } from '@dynamo-agent/core'
import { callingAgent } from '../context/calling-agent.ts'
import { turnRecorder } from '../registration.ts'
import type { DynamoProviderMetadata } from '../provider/provider-metadata.ts'
import { errorOutcome, resultOutcome } from './outcome.ts'
import type {
  OperationStart,
  StepFinish,
  StepStart,
  ToolCallFinish,
  ToolCallStart,
  ToolExecution,
  ToolExecutionEnd,
  ToolExecutionStart,
} from './sdk-events.ts'
import { beginToolCall, callKey, endToolCall, noteUnattributed, type BegunToolCall } from './tool-calls.ts'
import { createToolContext, currentScopeOf } from './tool-scope.ts'

/** Fits ai@7's `Telemetry` and ai@6's `TelemetryIntegration`. No method throws or waits. */
export interface TelemetryIntegration {
  onToolExecutionStart(event: ToolExecutionStart): void
  onToolExecutionEnd(event: ToolExecutionEnd): void
  executeTool<Result>(execution: ToolExecution<Result>): PromiseLike<Result>
  onToolCallStart(event: ToolCallStart): void
  onToolCallFinish(event: ToolCallFinish): void
  onStart(event: OperationStart): void
  onStepStart(event: StepStart): void
  onStepFinish(event: StepFinish): void
}

/** An integration that tells the registrations of the process what the SDK's tools do. */
export function createIntegration(): TelemetryIntegration {
  /**
   * ai@6 says nothing of the operation that a call belongs to, but hands over
   * the same object at its start and at its end, and to each integration if
   * one stands in its list twice.
   */
  const begun = new WeakMap<object, BegunToolCall>()
  let operations = 0

  return {
    onToolExecutionStart({ callId, toolCall }) {
      const call = callOf(callId, toolCall.toolCallId)
      if (call !== undefined) beginToolCall(call, toolCall)
    },
    onToolExecutionEnd({ callId, toolCall, toolOutput }) {
      const call = callOf(callId, toolCall.toolCallId)
      if (call === undefined) return
      const { type, output, error } = toolOutput
      const failure = currentScopeOf(callId, toolCall.toolCallId)?.failure ?? error
      endToolCall(call, type === 'tool-error' ? errorOutcome(failure) : resultOutcome(output))
    },
    async executeTool({ callId, toolCallId, toolCall, execute }) {
      const scope = currentScopeOf(callId, toolCallId)
      if (scope === undefined) {
        const context = createToolContext({ callId, toolCallId, toolName: toolCall?.toolName ?? 'tool' })
        return context === undefined ? execute() : withAgentContext(context, execute)
      }
      try {
        return await execute()
      } catch (error) {
        // With `recordOutputs: false` nobody else gets to see it, and an abort would look like any other failure.
        scope.failure = error
        throw error
      }
    },
    onToolCallStart({ toolCall }) {
      if (begun.has(toolCall)) return
      const context = callingAgent()
      if (context === undefined) {
        noteUnattributed()
        return
      }
      const call = { context, key: callKey(`operation ${++operations}`, toolCall.toolCallId) }
      begun.set(toolCall, call)
      beginToolCall(call, toolCall)
    },
    onToolCallFinish({ toolCall, success, output, error }) {
      const call = begun.get(toolCall)
      if (call === undefined) return
      begun.delete(toolCall)
      endToolCall(call, success ? resultOutcome(output) : errorOutcome(error))
    },
    onStart({ callId, maxRetries }) {
      const context = agentOfAi6(callId)
      if (context !== undefined && maxRetries !== undefined) turnRecorder()?.operationBegan(context, maxRetries)
    },
    onStepStart({ callId }) {
      const context = agentOfAi6(callId)
      if (context !== undefined) turnRecorder()?.stepBegan(context)
    },
    onStepFinish({ callId, providerMetadata }) {
      const context = agentOfAi6(callId)
      const { requestId } = (providerMetadata?.dynamo ?? {}) as DynamoProviderMetadata
      if (context !== undefined && requestId !== undefined) turnRecorder()?.stepEnded(context, requestId)
    },
  }
}

/** The tracing channel of ai@7 tells more of steps than its integrations are told. */
function agentOfAi6(callId: string | undefined): AgentContext | undefined {
  return callId === undefined ? callingAgent() : undefined
}

/** Where ai@7 uses its tracing channel, its events come from inside the tool's own scope. */
function callOf(callId: string, toolCallId: string): BegunToolCall | undefined {
  const scope = currentScopeOf(callId, toolCallId)
  if (scope !== undefined) return { context: scope.caller, key: scope.key }
  const context = callingAgent()
  return context && { context, key: callKey(callId, toolCallId) }
}
