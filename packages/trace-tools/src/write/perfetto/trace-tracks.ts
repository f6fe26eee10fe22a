// SPDX-License-Identifier: Apache-2.0
import type { TrajectoryState } from '../../model/model-sink.ts'
import { TrackId } from './track-id.ts'

/**
 * The one root. The Perfetto UI gives a root with children a group of its own,
 * but sorts roots by itself; the order below a root is ours.
 */
export const rootTrack = { id: TrackId.of('Dynamo trace'), name: 'Dynamo trace', rank: 0 } as const

/** Ranks among everything below one track: what comes first, from where on. */
export const rank = {
  counters: 0,
  workers: 1_000,
  sessions: 2_000,
  requestLanes: 0,
  toolLanes: 1_000_000,
  harnessLanes: 1_800_000,
  harnessCounters: 1_900_000,
  trajectories: 2_000_000,
} as const

/** @param id Absent for the rows that named no session. */
export function sessionTrack(id: string | undefined): TrackId {
  return id === undefined ? TrackId.of('no session') : TrackId.of('session', id)
}

/**
 * The track of a trajectory, which is known before its session is. Ids of
 * trajectories are unique within a session of Dynamo 1.2, and by themselves
 * from 1.3 on. Rows without identity have no trajectory either, so their lanes
 * hang on the track of the session that they share.
 */
export function trajectoryTrack({ id, sessionId, contextFree }: TrajectoryState): TrackId {
  return contextFree ? sessionTrack(undefined) : TrackId.of('trajectory', sessionId ?? '', id)
}
