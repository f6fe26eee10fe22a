// SPDX-License-Identifier: Apache-2.0
import type { TrajectoryState } from '../model/model-sink.ts'
import { TrajectoryIndex } from '../model/trajectory-index.ts'
import { NUMBER_COLUMNS, requestNumber } from '../read/columns.ts'
import type { KeepRow } from '../read/read-rows.ts'

/** What tells one trajectory from another; see TrajectoryState. */
export type TrajectoryName = Pick<TrajectoryState, 'id' | 'sessionId' | 'contextFree'>

/** Which rows are wanted. */
export interface RowFilterOptions {
  /** Asked once for each trajectory, and once for the rows without identity. @defaultValue all */
  readonly trajectory?: (trajectory: TrajectoryName) => boolean
  /** The earliest event time that is wanted, in epoch milliseconds. @defaultValue any */
  readonly sinceMs?: number
  /** The first event time that is not wanted any more, in epoch milliseconds. @defaultValue none */
  readonly untilMs?: number
}

/** Makes the choice for readRows. It knows the trajectories of one reading: each needs one of its own. */
export function createRowFilter(options: RowFilterOptions): KeepRow {
  const { trajectory: isWanted = () => true, sinceMs = -Infinity, untilMs = Infinity } = options
  const index = new TrajectoryIndex()
  const wanted: boolean[] = []
  return (batch, row) => {
    const trajectory = index.of(batch, row)
    const isOfWanted = (wanted[trajectory.index] ??= isWanted(trajectory))
    const timeMs = batch.numbers[row * NUMBER_COLUMNS + requestNumber.eventTimeMs] ?? 0
    return isOfWanted && timeMs >= sinceMs && timeMs < untilMs
  }
}
