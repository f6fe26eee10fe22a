// SPDX-License-Identifier: Apache-2.0
import { agentContextStorage, currentAgentContext, type AgentContext, type ToolOutcome } from '@dynamo-agent/core'
import { errorOutcome, resultOutcome } from './outcome.ts'
import type { ChannelMessage, ToolExecutionStart, ToolOutput } from './sdk-events.ts'
import { followSteps } from './steps.ts'
import { beginToolCall, endToolCall, noteUnattributed, type BegunToolCall } from './tool-calls.ts'
import { createToolContext, currentScopeOf } from './tool-scope.ts'

/**
 * Follows the tools and steps of ai@7 through its tracing channel, which a call with
 * `telemetry.integrations` of its own does not switch off as it does the
 * registered ones. Each tool runs inside its own context from the first of its
 * telemetry on.
 *
 * @returns Stops following; undefined where the runtime has no such channel.
 */
export function followTracingChannel(): (() => void) | undefined {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> }
  const diagnostics = process?.getBuiltinModule?.('node:diagnostics_channel')
  if (diagnostics === undefined) return undefined
  const { start, asyncEnd } = diagnostics.tracingChannel<AgentContext | undefined>('ai:telemetry')
  const storage = agentContextStorage()
  const begun = new WeakMap<object, BegunToolCall>()

  const begin = (message: unknown) => {
    const execution = toolExecution(message)
    if (execution === undefined) return
    const { callId, toolCall } = execution
    const scope = currentScopeOf(callId, toolCall.toolCallId)
    if (scope === undefined) {
      noteUnattributed()
      return
    }
    const call = { context: scope.caller, key: scope.key }
    begun.set(message as object, call)
    beginToolCall(call, toolCall)
  }
  const end = (message: unknown) => {
    const call = begun.get(message as object)
    if (call !== undefined) endToolCall(call, outcomeOf(message as ChannelMessage))
  }

  start.bindStore(storage, contextOfSpan)
  start.subscribe(begin)
  asyncEnd.subscribe(end)
  const unfollowSteps = followSteps(diagnostics)
  return () => {
    unfollowSteps()
    start.unbindStore(storage)
    start.unsubscribe(begin)
    asyncEnd.unsubscribe(end)
  }
}

/** Runs before the listeners. What it throws would end the process. */
function contextOfSpan(message: unknown): AgentContext | undefined {
  const execution = toolExecution(message)
  if (execution === undefined) return currentAgentContext()
  const { callId, toolCall } = execution
  return createToolContext({ callId, ...toolCall }) ?? currentAgentContext()
}

/** What a message says of the tool that it is about; undefined for all other spans. */
function toolExecution(message: unknown): ToolExecutionStart | undefined {
  const { type, event } = message as ChannelMessage
  if (type !== 'executeTool') return undefined
  const { callId, toolCall } = event as Partial<ToolExecutionStart>
  return callId === undefined || toolCall === undefined ? undefined : { callId, toolCall }
}

/** A tool that fails does not fail its span. Where the result is hidden, nothing tells how the call ended. */
function outcomeOf({ result, error }: ChannelMessage): ToolOutcome {
  if (error !== undefined) return errorOutcome(error)
  const { output } = (result ?? {}) as { readonly output?: ToolOutput }
  if (output === undefined) return {}
  return output.type === 'tool-error' ? errorOutcome(output.error) : resultOutcome(output.output)
}
