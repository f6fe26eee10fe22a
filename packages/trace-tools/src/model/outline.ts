// SPDX-License-Identifier: Apache-2.0
import { hull } from './interval.ts'
import type { PlacedTrajectory, SessionOutline, TraceOutline } from './model-sink.ts'
import { resolveSessionIds } from './session-ids.ts'
import type { Trajectory } from './trajectory.ts'
import { inTreeOrder } from './tree-order.ts'

interface OutlinedTrace {
  readonly outline: TraceOutline
  readonly orphanParents: number
  readonly parentCycles: number
}

/** Sorts the trajectories of a whole trace into sessions and trees. */
export function outlineTrace(trajectories: readonly Trajectory[]): OutlinedTrace {
  const sessionIds = resolveSessionIds(trajectories)

  const sessions = new Map<string | undefined, Trajectory[]>()
  for (const trajectory of trajectories) {
    if (trajectory.startMs > trajectory.endMs) continue
    const { id, sessionId, contextFree } = trajectory
    const key = contextFree ? undefined : (sessionId ?? sessionIds.get(id) ?? id)
    const session = sessions.get(key)
    if (session === undefined) sessions.set(key, [trajectory])
    else session.push(trajectory)
  }

  const counts = { orphanParents: 0, parentCycles: 0 }
  const outlines = Array.from(sessions, ([id, members]) => outlineSession(id, members, counts))
  outlines.sort((a, b) => a.startMs - b.startMs || b.endMs - a.endMs)
  const interval = hull(outlines)
  return { outline: { sessions: outlines, ...(interval && { interval }) }, ...counts }
}

function outlineSession(
  id: string | undefined,
  members: readonly Trajectory[],
  counts: { orphanParents: number; parentCycles: number },
): SessionOutline {
  const ancestors: Trajectory[] = []
  const trajectories = inTreeOrder(members).map(({ node: state, depth, cut }): PlacedTrajectory => {
    ancestors[depth] = state
    if (cut) counts.parentCycles++
    else if (depth === 0 && state.parentId !== undefined) counts.orphanParents++
    const parent = depth > 0 ? ancestors[depth - 1] : undefined
    return { state, depth, ...(parent && { parent }) }
  })
  const { startMs = 0, endMs = 0 } = hull(members) ?? {}
  const sessionTypeId = members.find((member) => member.sessionTypeId !== undefined)?.sessionTypeId
  return {
    ...(id !== undefined && { id }),
    ...(sessionTypeId !== undefined && { sessionTypeId }),
    startMs,
    endMs,
    trajectories,
  }
}
