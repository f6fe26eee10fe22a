// SPDX-License-Identifier: Apache-2.0
import type { Query } from './query.ts'

/** A counter by which the engine reports what it could not load. */
export interface ErrorStat {
  readonly name: string
  readonly value: number
  readonly severity: string
}

/** What the engine dropped or had to repair; empty for a good trace. */
export function listErrorStats(query: Query): ErrorStat[] {
  return query(`select name, value, severity from stats where value > 0 and severity != 'info' order by name`)
}

/**
 * How many slices begin before the slice before them on the same track and
 * depth ends: 0 for a good trace.
 */
export function countOverlappingSlices(query: Query): number {
  const [row] = query<{ overlapping: number }>(
    `select count(*) overlapping from
       (select lead(ts) over (partition by track_id, depth order by ts, id) next, ts + dur end from slice)
     where next < end`,
  )
  return row?.overlapping ?? 0
}
