// SPDX-License-Identifier: Apache-2.0
import { Buckets } from './buckets.ts'
import { NumberList } from './number-list.ts'
import type { PointListener } from './point.ts'
import { TICK_MS, tickOf } from './tick.ts'

/** Counts how many intervals are open at each moment. */
export interface OpenCount {
  /** An interval counts from its start up to its end; one of no length never counts. */
  add(startMs: number, endMs: number): void
  /** Tells what was not told yet. */
  end(): void
}

/** @param limit How many starts and ends are told one by one; of a trace with more only what was open at each tick is. */
export function createOpenCount(tell: PointListener, limit: number): OpenCount {
  let exact: Intervals | undefined = { starts: new NumberList(), ends: new NumberList() }
  let open = 0
  const changes = new Buckets(1, (tick, values, offset) => {
    const change = values[offset] ?? Number.NaN
    if (Number.isNaN(change)) return
    open += change
    tell((tick + 1) * TICK_MS, open)
  })

  function addToTicks(startMs: number, endMs: number): void {
    changes.turnTo(tickOf(startMs))
    changes.add(0, 1)
    changes.turnTo(tickOf(endMs))
    changes.add(0, -1)
  }

  return {
    add(startMs, endMs) {
      if (exact === undefined) {
        addToTicks(startMs, endMs)
        return
      }
      exact.starts.push(startMs)
      exact.ends.push(Math.max(startMs, endMs))
      if (exact.starts.count * 2 <= limit) return
      const starts = exact.starts.values
      const ends = exact.ends.values
      for (let at = 0; at < starts.length; at++) addToTicks(starts[at] ?? 0, ends[at] ?? 0)
      exact = undefined
    },
    end() {
      if (exact === undefined) changes.end()
      else tellOneByOne(exact, tell)
    },
  }
}

interface Intervals {
  readonly starts: NumberList
  readonly ends: NumberList
}

/** Starts and ends are sorted apart from each other: which of them belong together does not matter for how many are open. */
function tellOneByOne(intervals: Intervals, tell: PointListener): void {
  const starts = intervals.starts.values.sort()
  const ends = intervals.ends.values.sort()
  let begun = 0
  let over = 0
  while (over < ends.length) {
    const timeMs = Math.min(starts[begun] ?? Infinity, ends[over] ?? Infinity)
    while (begun < starts.length && (starts[begun] ?? Infinity) <= timeMs) begun++
    while (over < ends.length && (ends[over] ?? Infinity) <= timeMs) over++
    tell(timeMs, begun - over)
  }
}
