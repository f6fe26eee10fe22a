// SPDX-License-Identifier: Apache-2.0
import type { Session, Trajectory } from '../../model/trace-model.ts'
import { hash64 } from './identifiers.ts'
import type { Track } from './packet-writer.ts'

/**
 * The one root. The Perfetto UI gives a root with children a group of its own,
 * but sorts roots by itself; the order below a root is ours.
 */
export const rootTrack: Track = { uuid: hash64('Dynamo trace'), name: 'Dynamo trace', rank: 0 }

/** Ranks below the root: counters, then sessions by first start. */
export function counterTrack(name: string, unit: string, rank: number): Track {
  return { uuid: hash64('counter', name), name, parent: rootTrack, rank, unit }
}

export function sessionTrack(session: Session, rank: number): Track {
  return {
    uuid: session.id === undefined ? hash64('no session') : hash64('session', session.id),
    name: session.id === undefined ? 'requests without a session' : `session ${session.id}`,
    parent: rootTrack,
    rank,
    ...(session.sessionTypeId !== undefined && { description: `session type ${session.sessionTypeId}` }),
  }
}

/** Trajectory ids are unique within a session only. */
export function trajectoryTrack(
  session: Session,
  trajectory: Trajectory,
  place: Pick<Track, 'rank'> & { parent: Track },
): Track {
  const { id, requests, toolCalls } = trajectory
  return {
    uuid: hash64('trajectory', session.id ?? '', id),
    name: `trajectory ${id}`,
    description: `${requests.length} LLM requests, ${toolCalls.length} tool calls`,
    ...place,
  }
}

/** A lane of a trajectory: "LLM", "LLM 2", and so on. */
export function laneTrack(kind: 'LLM' | 'tools', index: number, place: Pick<Track, 'rank'> & { parent: Track }): Track {
  const name = index === 0 ? kind : `${kind} ${index + 1}`
  return { uuid: hash64('lane', String(place.parent.uuid), name), name, ...place }
}
