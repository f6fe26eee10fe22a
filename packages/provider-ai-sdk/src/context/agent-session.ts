// SPDX-License-Identifier: Apache-2.0
import { repairAgentContext, withAgentContext, type AgentContext, type AgentContextInput } from '@dynamo-agent/core'
import type { DynamoHints } from '../provider/hints.ts'
import { processState } from '../registration.ts'
import { callingAgent, sessionTypeId } from './calling-agent.ts'
import { withSessionHints } from './session-hints.ts'

/** Who an agent is, and what Dynamo may do with all of its calls. */
export interface AgentSession extends AgentContextInput {
  /** For every call in the session; a call's own win. @defaultValue none */
  readonly hints?: DynamoHints | undefined
}

/**
 * Runs an agent as a session: every LLM call and tool that starts inside `fn`
 * belongs to it, wherever its stream is read later, and any number of sessions
 * may run at once.
 *
 * An id alone, such as the chat id of a server, is both session and
 * trajectory; inside another session it names a subagent of that one. A
 * context is taken as it is.
 *
 * An id that cannot be sent as it is (1 to 256 bytes of visible ASCII) is
 * replaced by one that depends on it alone, an absent one by a random one: a
 * server that passes ids on from its users never fails here.
 */
export function withAgentSession<Result>(session: string | AgentSession, fn: () => Result): Result {
  const named = Object(session) === session ? (session as AgentSession) : undefined
  const context = named === undefined ? contextOfId(session) : contextOf(named)
  const { hints } = named ?? {}
  if (hints === undefined) return withAgentContext(context, fn)
  return withAgentContext(context, () => withSessionHints({ trajectoryId: context.trajectoryId, hints }, fn))
}

/** @param given A chat id out of a request's body may be anything, whatever the types say. */
function contextOfId(given: unknown): AgentContext {
  const { sessionId: id } = contextOf({ sessionId: typeof given === 'string' ? given : '' })
  const around = agentAround()
  if (around === undefined) return contextOf({ sessionId: id })
  if (id === around.trajectoryId) return around
  // The session as a whole, from inside one of its subagents.
  if (id === around.sessionId) return contextOf({ sessionId: id, sessionTypeId: around.sessionTypeId })
  return contextOf({ ...around, trajectoryId: id, parentTrajectoryId: around.trajectoryId })
}

/** The subagent that each tool call is given in case it has none that is named gives way to the one that is. */
function agentAround(): AgentContext | undefined {
  const agent = callingAgent()
  return agent && (processState().toolScopes.get(agent)?.caller ?? agent)
}

function contextOf(input: AgentContextInput): AgentContext {
  const { context, repairs } = repairAgentContext({ ...input, sessionTypeId: input.sessionTypeId ?? sessionTypeId() })
  const hasNoId = repairs.some(
    ({ field, problem }) => field === 'sessionId' && (problem === 'not-a-string' || problem === 'empty'),
  )
  // What is mended without an id in it would make one session of all who lack one.
  return hasNoId ? contextOf({ ...input, sessionId: globalThis.crypto.randomUUID() }) : context
}
