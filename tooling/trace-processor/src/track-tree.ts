// SPDX-License-Identifier: Apache-2.0
import type { Query } from './query.ts'

/** One track as the Perfetto UI draws it. */
export interface TreeTrack {
  readonly name: string | null
  /** Names from the root down to this track. */
  readonly path: string
  /** Tracks above it. */
  readonly depth: number
  /** Shown as help. */
  readonly description: string | null
  /** Of a counter. */
  readonly unit: string | null
  readonly isCounter: boolean
  /** Whether events lie on the track itself; the UI hides a track that has neither events nor children. */
  readonly hasData: boolean
}

interface TrackRow {
  readonly id: number
  readonly parentId: number | null
  readonly name: string | null
  readonly description: string | null
  readonly unit: string | null
  readonly isCounter: number
  readonly hasData: number
}

/**
 * The tracks of a native trace from top to bottom, from the very SQL module
 * that the Perfetto UI builds its tree with. JSON traces have threads instead
 * and give an empty list.
 */
export function listTrackTree(query: Query): TreeTrack[] {
  const rows = query<TrackRow>(
    `include perfetto module viz.summary.track_event;
     select min_track_id id, parent_id parentId, name, description, unit, is_counter isCounter, has_data hasData
     from _track_event_tracks_ordered_groups order by order_id, min_track_id`,
  )
  const childrenOf = new Map<number | null, TrackRow[]>()
  for (const row of rows) childrenOf.set(row.parentId, [...(childrenOf.get(row.parentId) ?? []), row])
  const walk = (parentId: number | null, above: readonly string[]): TreeTrack[] =>
    (childrenOf.get(parentId) ?? []).flatMap(({ id, name, description, unit, isCounter, hasData }) => {
      const names = [...above, name ?? '']
      const track: TreeTrack = {
        name,
        path: names.join(' › '),
        depth: above.length,
        description,
        unit,
        isCounter: isCounter === 1,
        hasData: hasData === 1,
      }
      return [track, ...walk(id, names)]
    })
  return walk(null, [])
}
