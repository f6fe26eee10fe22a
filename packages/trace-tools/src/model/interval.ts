// SPDX-License-Identifier: Apache-2.0
import type { Interval } from './trace-model.ts'

/** For sorting by start, the longer first, so that what contains comes before what it contains. */
export function byStart(a: Interval, b: Interval): number {
  return a.startMs - b.startMs || b.endMs - a.endMs
}

/** The smallest interval that holds them all; undefined when there is none. */
export function hull(...groups: readonly (readonly Interval[])[]): Interval | undefined {
  let startMs = Infinity
  let endMs = -Infinity
  for (const group of groups) {
    for (const interval of group) {
      if (interval.startMs < startMs) startMs = interval.startMs
      if (interval.endMs > endMs) endMs = interval.endMs
    }
  }
  return startMs === Infinity ? undefined : { startMs, endMs }
}
