// SPDX-License-Identifier: Apache-2.0

/**
 * Finds the session of each trajectory of Dynamo 1.3 and later, whose rows
 * name only the trajectory and its parent: the root of the parent chain. A
 * parent that has no rows of its own is the topmost one known and counts as
 * the root. Where parents form a ring, its first trajectory does.
 *
 * @param parents The parent of each trajectory that has rows.
 * @returns The session id of each of them.
 */
export function resolveSessionIds(parents: ReadonlyMap<string, string | undefined>): Map<string, string> {
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
      else if (!parents.has(id)) sessionId = id
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
