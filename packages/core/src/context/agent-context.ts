// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '../errors.ts'
import { findIdProblem, toSafeId, type IdProblem } from './identifier.ts'

/** Who is calling: the only identity type of dynamo-agent. */
export interface AgentContext {
  /** One run of an agent with all its subagents. */
  readonly sessionId: string
  /** One chain of reasoning and tools inside the session; a subagent has its own. */
  readonly trajectoryId: string
  /** The trajectory that started this one; absent on the root. */
  readonly parentTrajectoryId?: string
  /** The class of workload, such as `pi_coding_agent`. Dynamo 1.2 requires it; later releases do not carry it. */
  readonly sessionTypeId: string
}

/** What a caller must give; the rest follows from it. */
export interface AgentContextInput {
  readonly sessionId: string
  /** @defaultValue the session id: the root trajectory */
  readonly trajectoryId?: string | undefined
  readonly parentTrajectoryId?: string | undefined
  /** @defaultValue `agent` */
  readonly sessionTypeId?: string | undefined
}

/** The fields of a context, as named in errors and repairs. */
export type AgentContextField = keyof AgentContext

/** One change that repairAgentContext made. */
export interface IdentityRepair {
  readonly field: AgentContextField
  readonly problem: IdProblem | 'parent-is-self'
}

/** What a context without a class of workload of its own has. */
export const DEFAULT_SESSION_TYPE_ID = 'agent'

/**
 * Makes a context from ids that the caller answers for.
 *
 * @throws DynamoAgentError `DYN_INVALID_IDENTITY` when an id is not 1 to 256
 * bytes of visible ASCII or a trajectory is its own parent.
 */
export function createAgentContext(input: AgentContextInput): AgentContext {
  const { context, repairs } = repairAgentContext(input)
  const [first] = repairs
  if (first === undefined) return context
  throw new DynamoAgentError({
    code: 'DYN_INVALID_IDENTITY',
    message:
      first.problem === 'parent-is-self'
        ? `trajectory ${JSON.stringify(context.trajectoryId)} is its own parent`
        : `${first.field} is ${describe(first.problem)}`,
    advice: 'Use ids of 1 to 256 visible ASCII characters, and give a subagent an id of its own.',
  })
}

/**
 * Makes a context from ids that a harness supplied: whatever is wrong with
 * them is mended in a way that depends on the ids alone, and reported, so that
 * an adapter can count repairs and never has to throw into its host.
 *
 * What is no string has no id in it: all runs whose session id is missing, say,
 * get the same one and become one session. Where `repairs` tell `not-a-string`
 * for `sessionId`, give an id of your own instead.
 */
export function repairAgentContext(input: AgentContextInput): {
  readonly context: AgentContext
  readonly repairs: readonly IdentityRepair[]
} {
  const repairs: IdentityRepair[] = []
  const repair = (field: AgentContextField, value: unknown): string => {
    const problem = findIdProblem(value)
    const text = textOf(value)
    if (problem === undefined) return text
    repairs.push({ field, problem })
    return toSafeId(text)
  }
  // Of undefined and null this makes an object too.
  const given = Object(input) as Partial<AgentContextInput>
  const sessionId = repair('sessionId', given.sessionId)
  const trajectoryId = repair('trajectoryId', given.trajectoryId ?? sessionId)
  const sessionTypeId = repair('sessionTypeId', given.sessionTypeId ?? DEFAULT_SESSION_TYPE_ID)
  const base = { sessionId, trajectoryId, sessionTypeId }
  const parent = given.parentTrajectoryId ?? undefined
  if (parent === undefined) return { context: base, repairs }
  const parentTrajectoryId = repair('parentTrajectoryId', parent)
  if (parentTrajectoryId === trajectoryId) {
    repairs.push({ field: 'parentTrajectoryId', problem: 'parent-is-self' })
    return { context: base, repairs }
  }
  return { context: { ...base, parentTrajectoryId }, repairs }
}

/** A harness in plain JavaScript may hand over anything, an object that String() throws at too. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : typeof value
}

function describe(problem: IdProblem): string {
  switch (problem) {
    case 'not-a-string':
      return 'not a string'
    case 'empty':
      return 'empty'
    case 'too-long':
      return 'longer than 256 bytes'
    case 'not-visible-ascii':
      return 'not visible ASCII'
  }
}
