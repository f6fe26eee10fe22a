// SPDX-License-Identifier: Apache-2.0
import {
  readCallers,
  repairAgentContext,
  type AgentContext,
  type AgentContextInput,
  type Caller,
  type Callers,
  type DialectName,
  type Environment,
  type IdentityRepair,
} from '@dynamo-agent/core'
import type { Relatives } from './relatives.ts'

/** Everything that decides who a Pi session is. */
export interface IdentitySources {
  /** Pi's own id of the session. */
  readonly piSessionId: string
  /** What the application that embeds Pi says. @defaultValue nothing */
  readonly given?: AgentContext | undefined
  /** As the process was given it. */
  readonly environment: Environment
  readonly dialect: DialectName
  readonly sessionTypeId: string
  /** @defaultValue none: the first session of its process */
  readonly relatives?: Relatives
}

export interface ResolvedIdentity {
  readonly context: AgentContext
  /** What was wrong with the ids and has been mended. */
  readonly repairs: readonly IdentityRepair[]
}

/**
 * The identity of a Pi session. The first rule that applies wins:
 *
 * 1. It has been in this process before: the same again.
 * 2. The application that embeds Pi says who it is.
 * 3. Another session of this process started it, or it was forked from one:
 *    child of that.
 * 4. No session of the process has them yet, and the environment names ids that
 *    its parent process was not started with itself: handed to this very process.
 * 5. The environment names another Pi: child of that.
 * 6. The environment names ids: the first session of the process that is given
 *    them takes them, later ones are its children.
 * 7. It was forked from a session of another process: child of that.
 * 8. Otherwise Pi's id is both session and trajectory.
 *
 * What the environment says of this process comes before what the file of the
 * session says of the process that forked it.
 */
export function resolveIdentity(sources: IdentitySources): ResolvedIdentity {
  const { piSessionId, given, environment, dialect, sessionTypeId, relatives = {} } = sources
  const { self, starter, origin, originElsewhere, others = [] } = relatives
  if (self !== undefined) return { context: self.context, repairs: [] }
  if (given !== undefined) return repairAgentContext(given)

  const resolve = (ids: AgentContextInput) => repairAgentContext({ ...ids, sessionTypeId })
  const childOf = (parent: Pick<AgentContext, 'sessionId' | 'trajectoryId'>) =>
    resolve({ sessionId: parent.sessionId, trajectoryId: piSessionId, parentTrajectoryId: parent.trajectoryId })
  const parent = starter ?? origin
  if (parent !== undefined) return childOf(parent.context)

  const handed = readHandedIds(environment)
  const callers = readCallers(environment)
  const outer = outerPi(piSessionId, environment, callers)
  const takeHanded = (ids: AgentContextInput) =>
    resolve({ ...ids, trajectoryId: trajectoryOf(ids, piSessionId, dialect) })
  const holder = handed && findHolder(resolve(handed).context, others)
  if (handed !== undefined && holder === undefined && isNews(environment, callers)) return takeHanded(handed)
  if (typeof outer === 'object') return childOf(outer)
  if (outer !== undefined) {
    return childOf({
      sessionId: handed?.sessionId ?? outer,
      trajectoryId: handed === undefined ? outer : trajectoryOf(handed, outer, dialect),
    })
  }
  if (handed !== undefined) return holder === undefined ? takeHanded(handed) : childOf(holder.context)
  if (originElsewhere !== undefined) return childOf({ sessionId: originElsewhere, trajectoryId: originElsewhere })
  return resolve({ sessionId: piSessionId })
}

/** The session of this process that was handed the same ids before. */
function findHolder({ sessionId }: AgentContext, others: NonNullable<Relatives['others']>) {
  return others.find(({ context }) => context.sessionId === sessionId)
}

/**
 * Who started this process, when that was an agent: by its context where the
 * environment has it, else by its Pi session id.
 *
 * pi-subagents sets `PI_SUBAGENT_PARENT_SESSION` and a shell tool of Pi from
 * 0.87 on `PI_SESSION_ID`. Either may be left over from further up, so the one
 * counts that the starting process holds; and each names the process's own
 * session too, in that very session.
 */
function outerPi(piSessionId: string, environment: Environment, callers: Callers | undefined): Caller | string | undefined {
  const agents = callers?.agents ?? []
  const named = ['PI_SUBAGENT_PARENT_SESSION', 'PI_SESSION_ID']
    .map((name) => firstSet(environment, name))
    .filter((id) => id !== undefined && id !== piSessionId)
  const caller = agents.find((agent) => named.includes(agent.harnessSessionId)) ?? agents[0]
  return caller ?? named[0]
}

/** Whether the ids in the environment are other ones than those that the parent process was started with. */
function isNews(environment: Environment, callers: Callers | undefined): boolean {
  if (callers === undefined) return false
  return (
    firstSet(environment, 'DYN_AGENT_SESSION_ID') !== callers.sessionId ||
    firstSet(environment, 'DYN_AGENT_TRAJECTORY_ID') !== callers.trajectoryId
  )
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
