// SPDX-License-Identifier: Apache-2.0
import { repairAgentContext, type AgentContext, type AgentContextInput } from './agent-context.ts'

/** Environment variables as `process.env` and `child_process` know them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The variables that hand a context to a child process. Spread them last into
 * the child's environment: a root context sets the parent variable to
 * undefined, which `child_process` leaves out, so that a stale value of the
 * caller's own environment does not travel on.
 */
export function contextToEnvironment(context: AgentContext): Environment {
  return {
    DYN_AGENT_SESSION_ID: context.sessionId,
    DYN_AGENT_TRAJECTORY_ID: context.trajectoryId,
    DYN_AGENT_PARENT_TRAJECTORY_ID: context.parentTrajectoryId,
    DYN_AGENT_PARENT_SESSION_ID: undefined,
    DYN_AGENT_SESSION_TYPE_ID: context.sessionTypeId,
  }
}

/**
 * Reads back what contextToEnvironment wrote. Ids that another program wrote
 * and that are not good ones are mended.
 *
 * @returns undefined when the environment names no session.
 */
export function contextFromEnvironment(environment: Environment): AgentContext | undefined {
  // An empty variable counts as unset, as it does for Dynamo.
  const given = (name: string) => (environment[name] === '' ? undefined : environment[name])
  const sessionId = given('DYN_AGENT_SESSION_ID')
  if (sessionId === undefined) return undefined
  return repairAgentContext({
    sessionId,
    trajectoryId: given('DYN_AGENT_TRAJECTORY_ID'),
    parentTrajectoryId: given('DYN_AGENT_PARENT_TRAJECTORY_ID') ?? given('DYN_AGENT_PARENT_SESSION_ID'),
    sessionTypeId: given('DYN_AGENT_SESSION_TYPE_ID'),
  }).context
}

/** Reads a context that travelled as plain data, such as a worker's `workerData`. */
export function contextFromWorkerData(workerData: unknown): AgentContext | undefined {
  if (typeof workerData !== 'object' || workerData === null) return undefined
  const { agentContext } = workerData as { agentContext?: unknown }
  if (typeof agentContext !== 'object' || agentContext === null) return undefined
  const input = agentContext as AgentContextInput
  if (typeof input.sessionId !== 'string') return undefined
  return repairAgentContext(input).context
}

/** The `workerData` property that contextFromWorkerData reads; spread it into a worker's own data. */
export function contextToWorkerData(context: AgentContext): { readonly agentContext: AgentContext } {
  return { agentContext: context }
}
