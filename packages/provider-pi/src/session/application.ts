// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type AgentContext } from '@dynamo-agent/core'

/** What the application that embeds Pi says of a session. */
export interface ApplicationAnswer {
  readonly context?: AgentContext | undefined
  /** Why it counts as one that knows nothing. */
  readonly problem?: DynamoAgentError | undefined
}

/** Never throws: a session whose application fails here goes on as Pi and the environment have it. */
export function askApplication(
  contextOf: ((piSessionId: string) => AgentContext | undefined) | undefined,
  piSessionId: string,
): ApplicationAnswer {
  try {
    // What comes from plain JavaScript may be anything.
    const context: unknown = contextOf?.(piSessionId) ?? undefined
    return context === undefined || namesSession(context) ? { context } : { problem: useless('it names no session') }
  } catch (cause) {
    return { problem: useless(cause instanceof Error ? cause.message : typeof cause, cause) }
  }
}

/** Mended, all contexts without a session id would be one session. */
function namesSession(context: unknown): context is AgentContext {
  const { sessionId } = Object(context) as { sessionId?: unknown }
  return typeof sessionId === 'string' && sessionId !== ''
}

function useless(reason: string, cause?: unknown): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_INVALID_OPTION',
    message: `the context that the application gives cannot be used: ${reason}`,
    advice: 'Make `contextOf` return an AgentContext, or undefined where Pi and the environment shall decide.',
    cause,
  })
}
