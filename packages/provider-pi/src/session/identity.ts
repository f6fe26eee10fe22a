// SPDX-License-Identifier: Apache-2.0
import {
  repairAgentContext,
  type AgentContext,
  type AgentContextInput,
  type DialectName,
  type Environment,
  type IdentityRepair,
} from '@dynamo-agent/core'

/** Everything that decides who a Pi session is. */
export interface IdentitySources {
  /** Pi's own id of the session. */
  readonly piSessionId: string
  readonly environment: Environment
  readonly dialect: DialectName
  readonly sessionTypeId: string
  /**
   * The trajectory that took the environment's ids before, when an earlier
   * session of this process did: `/new`, or a session that a tool runs in here.
   */
  readonly predecessor?: AgentContext | undefined
}

export interface ResolvedIdentity {
  readonly context: AgentContext
  /** What was wrong with the ids and has been mended. */
  readonly repairs: readonly IdentityRepair[]
}

/**
 * The identity of a Pi session. The first rule that applies wins:
 *
 * 1. Started by a shell tool of another Pi: inherited ids are that one's. Same
 *    session, own trajectory, its trajectory as parent.
 * 2. A later session of a process whose environment names one: same session,
 *    own trajectory, child of the first.
 * 3. The environment names ids: they were handed to this very process.
 * 4. Otherwise Pi's id is both session and trajectory.
 *
 * Rule 1 rests on `PI_SESSION_ID`, which Pi sets for the commands of its shell
 * tools and nowhere else; a Pi that runs in itself sees its own id there.
 */
export function resolveIdentity(sources: IdentitySources): ResolvedIdentity {
  const { piSessionId, environment, dialect, sessionTypeId, predecessor } = sources
  const handed = readHandedIds(environment)
  const shell = firstSet(environment, 'PI_SESSION_ID')
  const resolve = (ids: AgentContextInput) => repairAgentContext({ ...ids, sessionTypeId })

  if (shell !== undefined && shell !== piSessionId) {
    return resolve({
      sessionId: handed?.sessionId ?? shell,
      trajectoryId: piSessionId,
      parentTrajectoryId: handed === undefined ? shell : trajectoryOf(handed, shell, dialect),
    })
  }
  if (handed === undefined) return resolve({ sessionId: piSessionId })
  if (predecessor !== undefined) {
    return resolve({
      sessionId: predecessor.sessionId,
      trajectoryId: piSessionId,
      parentTrajectoryId: predecessor.trajectoryId,
    })
  }
  return resolve({ ...handed, trajectoryId: trajectoryOf(handed, piSessionId, dialect) })
}

/**
 * The trajectory of the process that was handed these ids. Where only a
 * session is named it is the session's id too, so that a single agent shows
 * under the name it was given; but Dynamo 1.2 has a place for each, and a
 * session that is named as the parent has a trajectory of its own already.
 */
function trajectoryOf(handed: AgentContextInput, piSessionId: string, dialect: DialectName): string {
  const { sessionId, trajectoryId, parentTrajectoryId } = handed
  if (trajectoryId !== undefined) return trajectoryId
  return dialect === 'agent-context-body' || parentTrajectoryId === sessionId ? piSessionId : sessionId
}

/** The ids in the environment; without a session id, the highest trajectory that is named stands for it. */
function readHandedIds(environment: Environment): AgentContextInput | undefined {
  const trajectoryId = firstSet(environment, 'DYN_AGENT_TRAJECTORY_ID')
  const parentTrajectoryId = firstSet(environment, 'DYN_AGENT_PARENT_TRAJECTORY_ID', 'DYN_AGENT_PARENT_SESSION_ID')
  const sessionId = firstSet(environment, 'DYN_AGENT_SESSION_ID') ?? parentTrajectoryId ?? trajectoryId
  return sessionId === undefined ? undefined : { sessionId, trajectoryId, parentTrajectoryId }
}

/** An empty variable counts as unset. */
function firstSet(environment: Environment, ...names: readonly string[]): string | undefined {
  const name = names.find((candidate) => environment[candidate])
  return name === undefined ? undefined : environment[name]
}
