// SPDX-License-Identifier: Apache-2.0
import type { TrajectoryState } from './model-sink.ts'

/** What is known of a trajectory when all rows have been seen. */
export type KnownTrajectory = Pick<TrajectoryState, 'id' | 'sessionId' | 'parentId' | 'contextFree'>

/**
 * Finds the session of each trajectory of Dynamo 1.3 and later, whose rows
 * name only the trajectory and its parent: the root of the parent chain. A
 * parent that has no rows of its own is the topmost one known and counts as
 * the root; one that names its session, as where a harness tells it, settles
 * the matter. Where parents form a ring, its first trajectory is the root.
 *
 * @returns The session id of each trajectory that does not name it.
 */
export function resolveSessionIds(trajectories: readonly KnownTrajectory[]): Map<string, string> {
  const parents = new Map<string, string | undefined>()
  const named = new Map<string, string>()
  for (const { id, sessionId, parentId, contextFree } of trajectories) {
    if (sessionId !== undefined) named.set(id, sessionId)
    else if (!contextFree) parents.set(id, parentId)
  }
  const sessions = new Map<string, string>()
  const order = new Map<string, number>()
  for (const id of parents.keys()) order.set(id, order.size)

  for (const start of parents.keys()) {
    const path = new Set<string>()
    let id = start
    let sessionId: string | undefined
    while (sessionId === undefined) {
      if (sessions.has(id)) sessionId = sessions.get(id)
      else if (path.has(id)) sessionId = firstOfRing(id)
      else if (!parents.has(id)) sessionId = named.get(id) ?? id
      else {
        path.add(id)
        const parent = parents.get(id)
        if (parent === undefined) sessionId = id
        else id = parent
      }
    }
    for (const member of path) sessions.set(member, sessionId)
  }
  return sessions

  function firstOfRing(entry: string): string {
    let first = entry
    for (let id = parents.get(entry); id !== undefined && id !== entry; id = parents.get(id)) {
      if ((order.get(id) ?? 0) < (order.get(first) ?? 0)) first = id
    }
    return first
  }
}
