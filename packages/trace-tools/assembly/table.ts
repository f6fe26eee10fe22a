// SPDX-License-Identifier: Apache-2.0
import { enlarge } from './memory'

const FIRST: u32 = 64

/** Addresses by number, from 0. */
@unmanaged
export class Table {
  items: usize
  capacity: u32
  count: u32

  at(index: u32): usize {
    return load<usize>(this.items + (index << 2))
  }

  set(index: u32, item: usize): void {
    store<usize>(this.items + (index << 2), item)
  }

  push(item: usize): void {
    if (this.count === this.capacity) {
      const capacity = max(FIRST, this.capacity * 2)
      this.items = enlarge(this.items, this.capacity << 2, capacity << 2)
      this.capacity = capacity
    }
    this.set(this.count++, item)
  }
}
