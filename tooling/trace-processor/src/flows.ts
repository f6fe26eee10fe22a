// SPDX-License-Identifier: Apache-2.0
import type { Query } from './query.ts'
import { listSlices, type Slice } from './slices.ts'

/** An arrow from one slice to another. */
export interface Flow {
  readonly from: Slice
  readonly to: Slice
}

/** The arrows of a trace, by the time they leave. The engine drops those without both ends. */
export function listFlows(query: Query): Flow[] {
  const slices = new Map(listSlices(query).map((slice) => [slice.id, slice]))
  const rows = query<{ source: number; target: number }>(
    `select f.slice_out source, f.slice_in target from flow f join slice s on s.id = f.slice_out order by s.ts, f.id`,
  )
  return rows.flatMap(({ source, target }) => {
    const from = slices.get(source)
    const to = slices.get(target)
    return from && to ? [{ from, to }] : []
  })
}
