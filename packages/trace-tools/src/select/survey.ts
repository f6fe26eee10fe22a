// SPDX-License-Identifier: Apache-2.0
import { resolveSessionIds } from '../model/session-ids.ts'
import { TrajectoryIndex } from '../model/trajectory-index.ts'
import { NUMBER_COLUMNS, requestNumber } from '../read/columns.ts'
import type { Input } from '../read/inputs.ts'
import { readRows, type ReadRowsOptions, type RowFilter } from '../read/read-rows.ts'
import type { TrajectoryName } from './row-filter.ts'

/** What a trace holds, without what happened in it. */
export interface TraceSurvey {
  /** In order of appearance. */
  readonly trajectories: readonly SurveyedTrajectory[]
  /** Those with rows that count, by first event time. */
  readonly sessions: readonly SurveyedSession[]
  /** The session of a trajectory; undefined for rows without identity, and for one that is not of this trace. */
  readonly sessionOf: (trajectory: TrajectoryName) => string | undefined
}

/** Rows and the event times of the first and the last one, in epoch milliseconds. */
interface Extent {
  readonly rows: number
  readonly firstMs: number
  readonly lastMs: number
}

export interface SurveyedTrajectory extends Extent, TrajectoryName {
  /** As recorded; it may have no rows. */
  readonly parentId: string | undefined
}

export interface SurveyedSession extends Extent {
  readonly id: string
  readonly trajectories: number
}

/**
 * Reads a trace to find out which sessions there are. From Dynamo 1.3 on a row
 * names its trajectory and that one's parent, so which session a row belongs
 * to is known only when all rows have been seen. Inputs have to be readable
 * more than once if they are to be read afterwards; see spoolInputs.
 *
 * Rows that `keep` does not want do not count, though who is whose parent is
 * taken from them too.
 *
 * @throws DynamoAgentError as readRows does.
 */
export async function surveyTrace(
  inputs: readonly Input[],
  { keep = () => true, keepHarness = () => true, ...options }: Pick<ReadRowsOptions, 'jobs'> & RowFilter = {},
): Promise<TraceSurvey> {
  const index = new TrajectoryIndex()
  const extents: Growing<Extent>[] = []
  const reading = readRows(inputs, options)
  const extentOf = ({ index }: { readonly index: number }) => (extents[index] ??= createExtent())
  for await (const batch of reading) {
    for (let row = 0; row < batch.count; row++) {
      const trajectory = index.of(batch, row)
      index.kinship.readRow(batch, row, trajectory.index)
      const extent = extentOf(trajectory)
      if (keep(batch, row)) addRow(extent, batch.numbers[row * NUMBER_COLUMNS + requestNumber.eventTimeMs] ?? 0)
    }
    for (const { record } of batch.harness ?? []) {
      const trajectory = index.ofHarness(record.identity)
      index.kinship.readHarness(record.identity, trajectory)
      const extent = extentOf(trajectory)
      if (keepHarness(record)) addRow(extent, record.eventTimeMs)
    }
    reading.release(batch)
  }
  const trajectories = index.all.map(({ id, sessionId, contextFree, parentId }, place): SurveyedTrajectory => {
    return { id, sessionId, contextFree, parentId, ...(extents[place] ?? createExtent()) }
  })
  return outline(trajectories)
}

function outline(trajectories: readonly SurveyedTrajectory[]): TraceSurvey {
  const sessionIds = resolveSessionIds(trajectories)
  // Rows of both generations may tell of one trajectory; those of the later one have to find its session too.
  for (const { id, sessionId } of trajectories) {
    if (sessionId !== undefined && !sessionIds.has(id)) sessionIds.set(id, sessionId)
  }
  const sessionOf = ({ id, sessionId, contextFree }: TrajectoryName): string | undefined =>
    contextFree ? undefined : (sessionId ?? sessionIds.get(id))

  const sessions = new Map<string, Growing<SurveyedSession>>()
  for (const trajectory of trajectories) {
    const id = sessionOf(trajectory)
    if (id === undefined) continue
    let session = sessions.get(id)
    if (session === undefined) sessions.set(id, (session = { id, trajectories: 0, ...createExtent() }))
    session.trajectories++
    widen(session, trajectory)
  }
  const byStart = [...sessions.values()].filter(({ rows }) => rows > 0).sort((a, b) => a.firstMs - b.firstMs)
  return { trajectories, sessions: byStart, sessionOf }
}

type Growing<T> = { -readonly [Key in keyof T]: T[Key] }

function createExtent(): Growing<Extent> {
  return { rows: 0, firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY }
}

function addRow(extent: Growing<Extent>, timeMs: number): void {
  extent.rows++
  if (timeMs < extent.firstMs) extent.firstMs = timeMs
  if (timeMs > extent.lastMs) extent.lastMs = timeMs
}

function widen(extent: Growing<Extent>, { rows, firstMs, lastMs }: Extent): void {
  extent.rows += rows
  if (firstMs < extent.firstMs) extent.firstMs = firstMs
  if (lastMs > extent.lastMs) extent.lastMs = lastMs
}
