// SPDX-License-Identifier: Apache-2.0
import type { Row, Value } from './query-result.ts'
import type { Query } from './query.ts'

/** One slice of a timeline. */
export interface Slice {
  readonly id: number
  readonly name: string | null
  readonly category: string | null
  /** Nanoseconds on the trace's clock. */
  readonly ts: bigint
  /** Nanoseconds; 0 for an instant, -1 for a slice that nothing ends. */
  readonly dur: number
  /** Slices around this one on its track. */
  readonly depth: number
  /** The innermost slice around this one. */
  readonly parentId: number | null
  readonly trackId: number
  /** Names from the root down, as in `process › thread`. */
  readonly track: string
  /** Debug annotations or JSON args by flat name, such as `worker.id` or `list[0]`. */
  readonly args: Readonly<Record<string, ArgumentValue>>
}

export type ArgumentValue = null | number | bigint | string | boolean

/** Which slices to list. */
export interface SliceFilter {
  /** Only slices of this category. */
  readonly category?: string
}

interface SliceRow extends Row {
  readonly id: number
  readonly name: string | null
  readonly category: string | null
  readonly ts: number | bigint
  readonly dur: number
  readonly depth: number
  readonly parentId: number | null
  readonly trackId: number
  readonly argSetId: number | null
}

/** The slices of a trace, by time. */
export function listSlices(query: Query, filter: SliceFilter = {}): Slice[] {
  const paths = trackPaths(query)
  const args = readArguments(query)
  const rows = query<SliceRow>(
    `select id, name, category, ts, dur, depth, parent_id parentId, track_id trackId, arg_set_id argSetId
     from slice order by ts, depth, id`,
  )
  return rows
    .filter(({ category }) => filter.category === undefined || category === filter.category)
    .map(({ argSetId, ...row }) => ({
      ...row,
      ts: BigInt(row.ts),
      track: paths.get(row.trackId) ?? '',
      args: args.get(argSetId) ?? {},
    }))
}

/** Tracks of JSON have no names of their own: they are threads. */
function trackPaths(query: Query): Map<number, string> {
  const rows = query<{ id: number; parentId: number | null; name: string | null }>(
    `select t.id, t.parent_id parentId, coalesce(
       t.name, coalesce(p.name, 'process ' || p.pid) || ' › ' || coalesce(th.name, 'thread ' || th.tid)) name
     from track t left join thread_track tt on tt.id = t.id
     left join thread th on th.utid = tt.utid left join process p on p.upid = th.upid`,
  )
  const tracks = new Map(rows.map((row) => [row.id, row]))
  const pathOf = (id: number): string => {
    const track = tracks.get(id)
    const name = track?.name ?? ''
    return track?.parentId == null ? name : `${pathOf(track.parentId)} › ${name}`
  }
  return new Map(rows.map(({ id }) => [id, pathOf(id)]))
}

function readArguments(query: Query): Map<number | null, Record<string, ArgumentValue>> {
  const rows = query<{ argSetId: number; key: string; type: string; value: Value }>(
    `select arg_set_id argSetId, key, value_type type, coalesce(int_value, real_value, string_value) value
     from args where arg_set_id in (select arg_set_id from slice)`,
  )
  const sets = new Map<number | null, Record<string, ArgumentValue>>()
  for (const { argSetId, key, type, value } of rows) {
    const set = sets.get(argSetId) ?? {}
    set[key.replace(/^(debug|args)\./, '')] = readArgument(type, value)
    sets.set(argSetId, set)
  }
  return sets
}

/** SQL knows neither booleans nor unsigned 64-bit integers. */
function readArgument(type: string, value: Value): ArgumentValue {
  if (value instanceof Uint8Array) return null
  if (type === 'bool') return value === 1
  if (type === 'uint' && (typeof value === 'bigint' || Number(value) < 0)) return BigInt.asUintN(64, BigInt(value ?? 0))
  return value
}
