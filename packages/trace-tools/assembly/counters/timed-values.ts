// SPDX-License-Identifier: Apache-2.0
import { allocate, allocateZeros, release } from '../memory'
import { Table } from '../table'

/** How many changes of a counter are told one by one. */
let limit: u32 = 0

export function setLimit(changes: u32): void {
  limit = changes
}

@unmanaged
export class TimedValue {
  timeMs: f64
  value: f64
}

export const STRIDE: u32 = offsetof<TimedValue>()

/** A block is as large as a page of ticks, which may take its place when the list is given up. */
const BLOCK_BITS: u32 = 8
const BLOCK_VALUES: u32 = 1 << BLOCK_BITS
const BLOCK_BYTES: u32 = BLOCK_VALUES * STRIDE

/** A list of values, each at a time. */
@unmanaged
export class TimedValues {
  blocks: Table
  count: u32

  @inline
  at(index: u32): TimedValue {
    return changetype<TimedValue>(this.blocks.at(index >> BLOCK_BITS) + (index & (BLOCK_VALUES - 1)) * STRIDE)
  }

  /** There are more of them than are told one by one. */
  get isTooLong(): bool {
    return this.count > limit
  }

  add(timeMs: f64, value: f64): void {
    if (this.count === this.blocks.count << BLOCK_BITS) this.blocks.push(allocate(BLOCK_BYTES))
    const item = this.at(this.count++)
    item.timeMs = timeMs
    item.value = value
  }

  /** Gives its memory back. */
  end(): void {
    for (let block: u32 = 0; block < this.blocks.count; block++) release(this.blocks.at(block), BLOCK_BYTES)
  }

  /** Nothing that follows in the sorted list has the same time. */
  isLastOfTime(index: u32): bool {
    return index + 1 === this.count || this.at(index).timeMs !== this.at(index + 1).timeMs
  }
}

export function createTimedValues(): TimedValues {
  const list = changetype<TimedValues>(allocate(offsetof<TimedValues>()))
  list.blocks = changetype<Table>(allocateZeros(offsetof<Table>()))
  list.count = 0
  return list
}
