// SPDX-License-Identifier: Apache-2.0
import { allocate } from '../memory'
import { Buckets } from './buckets'
import { tellChange } from './change'
import { createMoments, Moments } from './moments'
import { TICK_MS } from './tick'

/** Counts how many intervals are open at each moment; of very many only what was open at each tick is told. */
@unmanaged
export class OpenCount {
  counter: u32
  open: f64
  /** By how much each start and end changes the count. */
  changes: Moments

  /** An interval counts from its start up to its end; one of no length never counts. */
  add(startMs: f64, endMs: f64): void {
    this.changes.add(startMs, 1)
    this.changes.add(max(startMs, endMs), -1)
  }

  /** Tells what was not told yet. */
  end(): void {
    const exact = this.changes.end()
    if (exact === null) return
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
  count.changes = createMoments(changetype<usize>(count), sum, tellTick)
  return count
}

function sum(ticks: Buckets, change: f64): void {
  ticks.add(0, change)
}

function tellTick(owner: usize, tick: f64, values: usize): void {
  const count = changetype<OpenCount>(owner)
  const change = load<f64>(values)
  if (isNaN(change)) return
  count.open += change
  tellChange(count.counter, (tick + 1) * TICK_MS, count.open)
}
