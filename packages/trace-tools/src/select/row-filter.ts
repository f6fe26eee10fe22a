// SPDX-License-Identifier: Apache-2.0
import type { TrajectoryState } from '../model/model-sink.ts'
import { TrajectoryIndex } from '../model/trajectory-index.ts'
import type { Trajectory } from '../model/trajectory.ts'
import { NUMBER_COLUMNS, requestNumber } from '../read/columns.ts'
import type { RowFilter } from '../read/read-rows.ts'

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
export function createRowFilter(options: RowFilterOptions): RowFilter {
  const { trajectory: isWanted = () => true, sinceMs = -Infinity, untilMs = Infinity } = options
  const index = new TrajectoryIndex()
  const wanted: boolean[] = []
  const isKept = (trajectory: Trajectory, timeMs: number): boolean => {
    const isOfWanted = (wanted[trajectory.index] ??= isWanted(trajectory))
    return isOfWanted && timeMs >= sinceMs && timeMs < untilMs
  }
  return {
    keep: (batch, row) =>
      isKept(index.of(batch, row), batch.numbers[row * NUMBER_COLUMNS + requestNumber.eventTimeMs] ?? 0),
    keepHarness: ({ identity, eventTimeMs }) => isKept(index.ofHarness(identity), eventTimeMs),
  }
}
