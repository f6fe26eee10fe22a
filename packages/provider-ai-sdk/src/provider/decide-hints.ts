// SPDX-License-Identifier: Apache-2.0
import { decidePriority, type AgentContext, type AgentHints, type PriorityPolicy } from '@dynamo-agent/core'
import type { SessionHints } from '../context/session-hints.ts'
import { mergeHints, type DynamoHints } from './hints.ts'
import type { Trajectories } from './trajectories.ts'

/** Everything that decides the hints of a call. */
export interface HintSources {
  /** Of the environment, then of the provider's settings. */
  readonly provider: readonly (DynamoHints | undefined)[]
  /** Of every session around the call, the outermost first. */
  readonly sessions: readonly SessionHints[]
  readonly call: DynamoHints | undefined
  /** Who makes the call; undefined when nobody has said. */
  readonly context: AgentContext | undefined
  readonly trajectories: Trajectories
  readonly priorityPolicy: PriorityPolicy
}

/**
 * The hints of a call: its own, on top of those of its session, on top of
 * those of the provider, key by key. The priority policy has its say about
 * what an agent has from above, and none about what was given to it itself.
 */
export function decideHints(sources: HintSources): AgentHints {
  const { provider, sessions, call, context, trajectories, priorityPolicy } = sources
  if (context === undefined) return mergeHints([...provider, call], {})
  const { trajectoryId, parentTrajectoryId } = context
  const trajectory = trajectories.of(trajectoryId)
  const { learnt } = trajectory
  const own = sessions.filter((session) => session.trajectoryId === trajectoryId)
  const inherited = mergeHints(
    [...provider, ...sessions.filter((session) => !own.includes(session)).map(({ hints }) => hints)],
    learnt,
  )
  const { priority } = decidePriority(priorityPolicy, {
    given: inherited.priority,
    // Nobody says here whether a person waits.
    isInteractive: false,
    ...(parentTrajectoryId !== undefined && { parent: { priority: trajectories.find(parentTrajectoryId)?.priority } }),
  })
  const hints = mergeHints([inherited, { priority }, ...own.map((session) => session.hints), call], learnt)
  trajectory.priority = hints.priority
  return hints
}
