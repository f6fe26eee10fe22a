// SPDX-License-Identifier: Apache-2.0
import { beginHash, finished, high, low, mixBytes } from '../hash'
import { outputBytes } from '../output'
import { MODEL, REQUEST_ROW, TOOL_CLASS } from '../row-layout'
import { hasText, kind, textLength, textStart } from './given'

/** Where the details of each row end, counted from the beginning of the output. */
export let endsAt: usize = 0
/** Of each row two halves of a hash of what its label names. */
export let labelsAt: usize = 0
let room: i32 = 0

/** Makes room for so many rows. What is given up is lost to the allocator. */
export function reserveEnds(rows: i32): void {
  if (rows <= room) return
  room = max(rows, room * 2)
  endsAt = heap.alloc(<usize>room << 2)
  labelsAt = heap.alloc(<usize>room << 3)
}

@inline
export function endRow(index: i32): void {
  store<u32>(endsAt + (<usize>index << 2), <u32>outputBytes())
  const label = kind() === REQUEST_ROW ? MODEL : TOOL_CLASS
  const length = hasText(label) ? textLength(label) : 0
  beginHash(length)
  mixBytes(textStart(label), length)
  store<u32>(labelsAt + (<usize>index << 3), finished(low))
  store<u32>(labelsAt + (<usize>index << 3), finished(high), 4)
}
