// SPDX-License-Identifier: Apache-2.0
import type { OpenTrace } from './open-trace.ts'
import type { Slice } from './slices.ts'

/**
 * Everything that is wrong with a timeline, one sentence each; empty for a
 * good one. The engine repairs much in silence: two slices of a native trace
 * that overlap on one track are paired crosswise and come out nested, so a
 * slice inside one of its own category counts as wrong too.
 */
export function judge(trace: OpenTrace): string[] {
  const problems = trace.errorStats().map(({ name, value, severity }) => `stat ${name} (${severity}) is ${value}`)
  const overlapping = trace.overlappingSlices()
  if (overlapping > 0) problems.push(`${overlapping} slices overlap another on the same track and depth`)

  const slices = trace.slices()
  const byId = new Map(slices.map((slice) => [slice.id, slice]))
  for (const slice of slices) {
    const around = slice.parentId === null ? undefined : byId.get(slice.parentId)
    if (!slice.name) problems.push(`${describe(slice)} has no name`)
    if (slice.dur < 0) problems.push(`${describe(slice)} never ends`)
    if (around === undefined) continue
    if (around.category === slice.category) problems.push(`${describe(slice)} lies inside ${describe(around)}`)
    if (around.dur >= 0 && slice.ts + BigInt(slice.dur) > around.ts + BigInt(around.dur)) {
      problems.push(`${describe(slice)} outlives ${describe(around)}`)
    }
  }
  for (const { from, to } of trace.flows()) {
    if (to.ts < from.ts) problems.push(`the flow from ${describe(from)} to ${describe(to)} goes back in time`)
  }
  return problems
}

function describe({ name, ts, track }: Slice): string {
  return `slice "${name ?? ''}" at ${ts} ns on "${track}"`
}
