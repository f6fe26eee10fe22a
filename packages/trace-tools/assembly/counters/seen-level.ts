// SPDX-License-Identifier: Apache-2.0
import { allocate } from '../memory'
import { Buckets, createBuckets } from './buckets'
import { tellChange } from './change'
import { sort } from './sort'
import { TICK_MS, tickOf } from './tick'
import { createTimedValues, TimedValues } from './timed-values'

/**
 * Something that is only known at moments, as each request finds it. The
 * highest level counts of those seen at one moment, or where there are very
 * many in one tick, so that the order in which they come does not matter.
 */
@unmanaged
export class SeenLevel {
  counter: u32
  /** Each level that was seen; null once there are too many. */
  exact: TimedValues | null
  /** The highest of each tick. */
  ticks: Buckets

  /** @param level NaN says nothing. */
  add(timeMs: f64, level: f64): void {
    if (isNaN(level)) return
    const exact = this.exact
    if (exact === null) {
      this.raise(timeMs, level)
    } else {
      exact.add(timeMs, level)
      if (exact.isTooLong) this.giveUp(exact)
    }
  }

  raise(timeMs: f64, level: f64): void {
    this.ticks.turnTo(tickOf(timeMs))
    this.ticks.raise(0, level)
  }

  giveUp(exact: TimedValues): void {
    this.exact = null
    for (let index: u32 = 0; index < exact.count; index++) this.raise(exact.at(index).timeMs, exact.at(index).value)
    exact.end()
  }

  /** Tells what was not told yet. */
  end(): void {
    const exact = this.exact
    if (exact === null) this.ticks.end()
    else this.tellOneByOne(exact)
  }

  tellOneByOne(exact: TimedValues): void {
    sort(exact)
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
  seen.exact = createTimedValues()
  seen.ticks = createBuckets(1, changetype<usize>(seen), tellTick)
  return seen
}

function tellTick(owner: usize, tick: f64, values: usize): void {
  const level = load<f64>(values)
  if (!isNaN(level)) tellChange(changetype<SeenLevel>(owner).counter, tick * TICK_MS, level)
}
