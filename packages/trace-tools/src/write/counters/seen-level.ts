// SPDX-License-Identifier: Apache-2.0
import { Buckets } from './buckets.ts'
import { NumberList } from './number-list.ts'
import type { PointListener } from './point.ts'
import { TICK_MS, tickOf } from './tick.ts'

/** Something that is only known at moments, as each request finds it. */
export interface SeenLevel {
  /** @param level NaN says nothing. */
  add(timeMs: number, level: number): void
  /** Tells what was not told yet. */
  end(): void
}

/**
 * The highest level counts of those seen at one moment, or in one tick, so
 * that the order in which they come does not matter.
 *
 * @param limit How many levels are told one by one; of a trace with more only the highest of each tick is.
 */
export function createSeenLevel(tell: PointListener, limit: number): SeenLevel {
  let exact: Sightings | undefined = { times: new NumberList(), levels: new NumberList() }
  const highest = new Buckets(1, (tick, values, offset) => {
    const level = values[offset] ?? Number.NaN
    if (!Number.isNaN(level)) tell(tick * TICK_MS, level)
  })

  function raise(timeMs: number, level: number): void {
    highest.turnTo(tickOf(timeMs))
    highest.raise(0, level)
  }

  return {
    add(timeMs, level) {
      if (Number.isNaN(level)) return
      if (exact === undefined) {
        raise(timeMs, level)
        return
      }
      exact.times.push(timeMs)
      exact.levels.push(level)
      if (exact.times.count <= limit) return
      const times = exact.times.values
      const levels = exact.levels.values
      for (let at = 0; at < times.length; at++) raise(times[at] ?? 0, levels[at] ?? 0)
      exact = undefined
    },
    end() {
      if (exact === undefined) highest.end()
      else tellOneByOne(exact, tell)
    },
  }
}

interface Sightings {
  readonly times: NumberList
  readonly levels: NumberList
}

function tellOneByOne(sightings: Sightings, tell: PointListener): void {
  const times = sightings.times.values.slice().sort()
  const highest = new Float64Array(times.length).fill(Number.NEGATIVE_INFINITY)
  const levels = sightings.levels.values
  // All of one time meet at its first place: cheaper than to sort pairs.
  const unsorted = sightings.times.values
  for (let at = 0; at < unsorted.length; at++) {
    const place = firstPlace(times, unsorted[at] ?? 0)
    highest[place] = Math.max(highest[place] ?? 0, levels[at] ?? 0)
  }
  for (let at = 0; at < times.length; at++) {
    const time = times[at] ?? 0
    if (at === 0 || time !== times[at - 1]) tell(time, highest[at] ?? 0)
  }
}

/** Where a value stands first in a sorted list that holds it. */
function firstPlace(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
