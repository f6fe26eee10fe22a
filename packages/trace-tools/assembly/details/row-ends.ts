// SPDX-License-Identifier: Apache-2.0
import { outputBytes } from '../output'

/** Where the details of each row end, counted from the beginning of the output. */
export let endsAt: usize = 0
let room: i32 = 0

/** Makes room for so many rows. What is given up is lost to the allocator. */
export function reserveEnds(rows: i32): void {
  if (rows <= room) return
  room = max(rows, room * 2)
  endsAt = heap.alloc(<usize>room << 2)
}

@inline
export function endRow(index: i32): void {
  store<u32>(endsAt + (<usize>index << 2), <u32>outputBytes())
}
