// SPDX-License-Identifier: Apache-2.0
import { allocate } from '../memory'
import { Buckets } from './buckets'
import { tellChange } from './change'
import { createMoments, Moments } from './moments'
import { TICK_MS } from './tick'

/**
 * Something that is only known at moments, as each request finds it. The
 * highest level counts of those seen at one moment, or where there are very
 * many in one tick, so that the order in which they come does not matter.
 */
@unmanaged
export class SeenLevel {
  counter: u32
  sightings: Moments

  /** @param level NaN says nothing. */
  add(timeMs: f64, level: f64): void {
    if (!isNaN(level)) this.sightings.add(timeMs, level)
  }

  /** Tells what was not told yet. */
  end(): void {
    const exact = this.sightings.end()
    if (exact === null) return
    let highest = -Infinity
    for (let index: u32 = 0; index < exact.count; index++) {
      const seen = exact.at(index)
      highest = max(highest, seen.value)
      if (!exact.isLastOfTime(index)) continue
      tellChange(this.counter, seen.timeMs, highest)
      highest = -Infinity
    }
  }
}

export function createSeenLevel(counter: u32): SeenLevel {
  const seen = changetype<SeenLevel>(allocate(offsetof<SeenLevel>()))
  seen.counter = counter
  seen.sightings = createMoments(changetype<usize>(seen), raise, tellTick)
  return seen
}

function raise(ticks: Buckets, level: f64): void {
  ticks.raise(0, level)
}

function tellTick(owner: usize, tick: f64, values: usize): void {
  const level = load<f64>(values)
  if (!isNaN(level)) tellChange(changetype<SeenLevel>(owner).counter, tick * TICK_MS, level)
}
