// SPDX-License-Identifier: Apache-2.0
import { currentAgentContext, repairAgentContext, toSafeId, type AgentContext } from '@dynamo-agent/core'
import { callingAgent } from '../context/calling-agent.ts'
import { processState } from '../registration.ts'

/** A tool call that a context is made for. */
export interface ScopedCall {
  /** The SDK's id of the generateText or streamText; ai@6 has none. */
  readonly callId?: string | undefined
  readonly toolCallId: string
  readonly toolName: string
  /** It is the tool's body, wrapped, that makes the context. @defaultValue false */
  readonly hasBody?: boolean
}

/** Which tool call a context was made for. */
export interface ToolScope {
  readonly callId: string | undefined
  readonly toolCallId: string
  /** Whose call it is. */
  readonly caller: AgentContext
  /** Tells it apart from all other calls: a model may ask twice under one id. */
  readonly key: string
  /** Whether the wrapped body of the tool runs in it. */
  hasBody: boolean
  /** What the tool has thrown. */
  failure?: unknown
}

/**
 * The context for the body of a tool: a subagent of the caller. One that never
 * calls a model is never seen by Dynamo, so each tool gets one, whether an
 * agent is inside or not. Its id holds that of the tool call, by which a
 * timeline finds where a subagent began, and a part of its own, because some
 * models name their calls alike in every turn.
 *
 * @returns undefined when it is not known whose call it is.
 */
export function createToolContext(call: ScopedCall): AgentContext | undefined {
  const { callId, toolCallId, toolName, hasBody = false } = call
  const caller = callingAgent()
  if (caller === undefined) return undefined
  const trajectoryId = toSafeId(`${toolName}.${toolCallId}.${uniquePart()}`)
  // Whoever made the caller's context may have checked nothing, and what is thrown here ends the process.
  const { context } = repairAgentContext({ ...caller, trajectoryId, parentTrajectoryId: caller.trajectoryId })
  processState().toolScopes.set(context, { callId, toolCallId, caller, key: trajectoryId, hasBody })
  return context
}

let processPart: string | undefined
let scopes = 0

/** Random for each process and counted in it: a random one for each call would at times wait for the system's entropy. */
function uniquePart(): string {
  processPart ??= globalThis.crypto.randomUUID().slice(-12)
  return `${processPart}-${++scopes}`
}

/** The scope around this line, if it was made for this very call. */
export function currentScopeOf(callId: string, toolCallId: string): ToolScope | undefined {
  const scope = innermostScope()
  return scope?.callId === callId && scope.toolCallId === toolCallId ? scope : undefined
}

/**
 * Whether the scope around this line was made for the tool whose wrapped body
 * begins here. It is if it has none yet: inside another tool's body, a call of
 * the same id is another call.
 */
export function claimScope(toolCallId: string): boolean {
  const scope = innermostScope()
  if (scope?.toolCallId !== toolCallId || scope.hasBody) return false
  scope.hasBody = true
  return true
}

function innermostScope(): ToolScope | undefined {
  const context = currentAgentContext()
  return context && processState().toolScopes.get(context)
}
