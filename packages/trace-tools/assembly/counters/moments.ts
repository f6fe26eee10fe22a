// SPDX-License-Identifier: Apache-2.0
import { allocate } from '../memory'
import { BucketListener, Buckets, createBuckets } from './buckets'
import { sort } from './sort'
import { tickOf } from './tick'
import { createTimedValues, TimedValues } from './timed-values'

/** Joins a value to what the tick that is turned to has. */
export type Join = (ticks: Buckets, value: f64) => void

/** Values at moments: each of them, or where there are very many what they become together in each tick. */
@unmanaged
export class Moments {
  /** Null once there are too many. */
  exact: TimedValues | null
  ticks: Buckets
  join: Join

  add(timeMs: f64, value: f64): void {
    const exact = this.exact
    if (exact === null) {
      this.addToTick(timeMs, value)
    } else {
      exact.add(timeMs, value)
      if (exact.isTooLong) this.giveUp(exact)
    }
  }

  addToTick(timeMs: f64, value: f64): void {
    this.ticks.turnTo(tickOf(timeMs))
    this.join(this.ticks, value)
  }

  giveUp(exact: TimedValues): void {
    this.exact = null
    for (let index: u32 = 0; index < exact.count; index++) this.addToTick(exact.at(index).timeMs, exact.at(index).value)
    exact.end()
  }

  /** Tells the ticks that were not told yet. @returns All values in order of time, where they were not too many. */
  end(): TimedValues | null {
    const exact = this.exact
    if (exact === null) this.ticks.end()
    else sort(exact)
    return exact
  }
}

/** @param tellTick Is told each tick, and what has these moments. */
export function createMoments(owner: usize, join: Join, tellTick: BucketListener): Moments {
  const moments = changetype<Moments>(allocate(offsetof<Moments>()))
  moments.exact = createTimedValues()
  moments.ticks = createBuckets(1, owner, tellTick)
  moments.join = join
  return moments
}
