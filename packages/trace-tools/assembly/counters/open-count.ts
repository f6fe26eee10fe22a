// SPDX-License-Identifier: Apache-2.0
import { allocate } from '../memory'
import { Buckets, createBuckets } from './buckets'
import { tellChange } from './change'
import { sort } from './sort'
import { TICK_MS, tickOf } from './tick'
import { createTimedValues, TimedValues } from './timed-values'

/** Counts how many intervals are open at each moment; of very many only what was open at each tick is told. */
@unmanaged
export class OpenCount {
  counter: u32
  open: f64
  /** By how much each start and end changes the count; null once there are too many. */
  exact: TimedValues | null
  /** By how much each tick does. */
  ticks: Buckets

  /** An interval counts from its start up to its end; one of no length never counts. */
  add(startMs: f64, endMs: f64): void {
    this.change(startMs, 1)
    this.change(max(startMs, endMs), -1)
    const exact = this.exact
    if (exact !== null && exact.isTooLong) this.giveUp(exact)
  }

  change(timeMs: f64, by: f64): void {
    const exact = this.exact
    if (exact !== null) {
      exact.add(timeMs, by)
    } else {
      this.ticks.turnTo(tickOf(timeMs))
      this.ticks.add(0, by)
    }
  }

  giveUp(exact: TimedValues): void {
    this.exact = null
    for (let index: u32 = 0; index < exact.count; index++) this.change(exact.at(index).timeMs, exact.at(index).value)
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
    for (let index: u32 = 0; index < exact.count; index++) {
      const change = exact.at(index)
      this.open += change.value
      if (exact.isLastOfTime(index)) tellChange(this.counter, change.timeMs, this.open)
    }
  }
}

export function createOpenCount(counter: u32): OpenCount {
  const count = changetype<OpenCount>(allocate(offsetof<OpenCount>()))
  count.counter = counter
  count.open = 0
  count.exact = createTimedValues()
  count.ticks = createBuckets(1, changetype<usize>(count), tellTick)
  return count
}

function tellTick(owner: usize, tick: f64, values: usize): void {
  const count = changetype<OpenCount>(owner)
  const change = load<f64>(values)
  if (isNaN(change)) return
  count.open += change
  tellChange(count.counter, (tick + 1) * TICK_MS, count.open)
}
