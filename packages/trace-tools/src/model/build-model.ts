// SPDX-License-Identifier: Apache-2.0
import type { TraceRecord } from '@dynamo-agent/core'
import { groupBy } from './group-by.ts'
import { inferToolCalls } from './inferred-tools.ts'
import { byStart, hull } from './interval.ts'
import { buildRequests } from './requests.ts'
import { findResultEdges } from './result-edges.ts'
import { groupRows, type RowGroup } from './row-groups.ts'
import { findSpawnEdges } from './spawn-edges.ts'
import { pairToolRows } from './tool-pairing.ts'
import type { Edge, Session, TraceModel, Trajectory } from './trace-model.ts'
import { inTreeOrder } from './tree-order.ts'

/**
 * Builds the model of a whole trace from its rows, which may come in any
 * order, from any Dynamo release, and twice. Never throws; the time it takes
 * grows with the number of rows.
 */
export function buildTraceModel(records: Iterable<TraceRecord>): TraceModel {
  const { sessions: groups, contextFree, duplicateRows } = groupRows(records)
  let repeatedRows = 0

  const sessions: Session[] = []
  for (const [id, trajectories] of groups) {
    const session = buildSession([...trajectories.values()].map((group) => buildTrajectory(group)))
    const sessionTypeId = firstSessionType(trajectories.values())
    if (session !== undefined) sessions.push({ id, ...session, ...(sessionTypeId !== undefined && { sessionTypeId }) })
  }
  const unattributed = buildSession([buildTrajectory(contextFree, { unrelated: true })])
  if (unattributed !== undefined) sessions.push(unattributed)
  sessions.sort(byStart)

  const interval = hull(sessions)
  return {
    sessions,
    edges: sessions.flatMap(findEdges).sort((a, b) => byStart(a.from, b.from) || byStart(a.to, b.to)),
    ...(interval && { interval }),
    duplicateRows: duplicateRows + repeatedRows,
  }

  function buildTrajectory(group: RowGroup, { unrelated = false } = {}): Trajectory | undefined {
    const requests = buildRequests(group.requests)
    const pairing = pairToolRows(group.tools)
    repeatedRows += pairing.repeatedRows
    // A request that has nothing to do with the one before says nothing about its tools.
    const inferred = unrelated
      ? requests.flatMap((request) => inferToolCalls([request], group.tools))
      : inferToolCalls(requests, group.tools)
    const interval = hull(requests, pairing.ended, inferred, pairing.unended)
    if (interval === undefined) return undefined
    const unended = pairing.unended.map((span) => ({ ...span, endMs: interval.endMs }))
    return {
      id: group.trajectoryId,
      ...(group.parentId !== undefined && { parentId: group.parentId }),
      depth: 0,
      ...interval,
      requests,
      toolCalls: [...pairing.ended, ...inferred, ...unended].sort(byStart),
    }
  }
}

function buildSession(candidates: readonly (Trajectory | undefined)[]): Session | undefined {
  const trajectories = inTreeOrder(candidates.filter((candidate) => candidate !== undefined)).map(
    ({ node: { parentId, ...trajectory }, depth, cut }): Trajectory => ({
      ...trajectory,
      depth,
      ...(parentId !== undefined && !cut && { parentId }),
    }),
  )
  const interval = hull(trajectories)
  return interval && { ...interval, trajectories }
}

function firstSessionType(groups: Iterable<RowGroup>): string | undefined {
  for (const { sessionTypeId } of groups) if (sessionTypeId !== undefined) return sessionTypeId
  return undefined
}

function findEdges(session: Session): Edge[] {
  // Requests without a session have nothing to do with each other.
  if (session.id === undefined) return []
  const children = groupBy(session.trajectories, (trajectory) => trajectory.parentId)
  return session.trajectories.flatMap((trajectory) => [
    ...findResultEdges(trajectory),
    ...findSpawnEdges(trajectory, children.get(trajectory.id) ?? []),
  ])
}
