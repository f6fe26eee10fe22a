// SPDX-License-Identifier: Apache-2.0
import type { RecordIdentity, RequestRecord, ToolRecord, TraceRecord } from '@dynamo-agent/core'
import { resolveSessionIds } from './session-ids.ts'

/** The rows of one trajectory. */
export interface RowGroup {
  readonly trajectoryId: string
  parentId?: string
  sessionTypeId?: string
  readonly requests: RequestRecord[]
  readonly tools: ToolRecord[]
}

export interface GroupedRows {
  /** Session id › trajectory id › its rows. */
  readonly sessions: ReadonlyMap<string, ReadonlyMap<string, RowGroup>>
  /** Rows that name no trajectory at all. */
  readonly contextFree: RowGroup
  /** Rows that say what another one says, such as those of overlapping shards; left out. */
  readonly duplicateRows: number
}

/** The name of the entry that the rows without a trajectory share, as the converter that ships with Dynamo calls it. */
export const CONTEXT_FREE_ID = 'request-only'

/**
 * Sorts rows by session and trajectory. Dynamo 1.2 names both in each row;
 * from 1.3 on the session has to be found by walking up the parents, so all
 * rows must be seen first.
 */
export function groupRows(records: Iterable<TraceRecord>): GroupedRows {
  const sessions = new Map<string, Map<string, RowGroup>>()
  const unresolved = new Map<string, RowGroup>()
  const contextFree = createGroup(CONTEXT_FREE_ID)
  const seen = new Set<string>()
  let duplicateRows = 0

  for (const record of records) {
    const { identity } = record
    const group = identity === undefined ? contextFree : groupOf(mapFor(identity), identity)
    const key = `${identity?.sessionId ?? ''}\n${group.trajectoryId}\n${describeRow(record)}`
    if (seen.has(key)) {
      duplicateRows++
      continue
    }
    seen.add(key)
    if (record.type === 'request_end') group.requests.push(record)
    else group.tools.push(record)
  }

  const parents = new Map(Array.from(unresolved, ([id, group]) => [id, group.parentId]))
  for (const [trajectoryId, sessionId] of resolveSessionIds(parents)) {
    const group = unresolved.get(trajectoryId)
    if (group === undefined) continue
    const session = sessionOf(sessionId)
    const other = session.get(trajectoryId)
    if (other === undefined) session.set(trajectoryId, group)
    else mergeGroups(other, group)
  }
  return { sessions, contextFree, duplicateRows }

  function mapFor({ sessionId }: RecordIdentity): Map<string, RowGroup> {
    return sessionId === undefined ? unresolved : sessionOf(sessionId)
  }

  function sessionOf(sessionId: string): Map<string, RowGroup> {
    let session = sessions.get(sessionId)
    if (session === undefined) sessions.set(sessionId, (session = new Map<string, RowGroup>()))
    return session
  }
}

function groupOf(groups: Map<string, RowGroup>, identity: RecordIdentity): RowGroup {
  const { trajectoryId, parentTrajectoryId, sessionTypeId } = identity
  let group = groups.get(trajectoryId)
  if (group === undefined) groups.set(trajectoryId, (group = createGroup(trajectoryId)))
  // Up to 1.4 Dynamo records a parent that is the trajectory itself.
  if (parentTrajectoryId !== undefined && parentTrajectoryId !== trajectoryId) group.parentId ??= parentTrajectoryId
  if (sessionTypeId !== undefined) group.sessionTypeId ??= sessionTypeId
  return group
}

function createGroup(trajectoryId: string): RowGroup {
  return { trajectoryId, requests: [], tools: [] }
}

/** The same trajectory, told by two generations in one trace. */
function mergeGroups(target: RowGroup, source: RowGroup): void {
  for (const request of source.requests) target.requests.push(request)
  for (const tool of source.tools) target.tools.push(tool)
  if (source.parentId !== undefined) target.parentId ??= source.parentId
  if (source.sessionTypeId !== undefined) target.sessionTypeId ??= source.sessionTypeId
}

/** Two rows with the same description are the same row, read twice. */
function describeRow(record: TraceRecord): string {
  if (record.type === 'request_end') return `${record.eventTimeMs} ${record.request.requestId}`
  const { startedAtMs, endedAtMs, toolCallId } = record.tool
  return `${record.type} ${record.eventTimeMs} ${startedAtMs ?? ''} ${endedAtMs ?? ''} ${toolCallId}`
}
