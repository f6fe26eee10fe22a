// SPDX-License-Identifier: Apache-2.0

/** Bytes are copied 16 at a time, so that some are written behind the last one. */
const OVERSHOOT: usize = 16

/** Where the details of all rows stand, one after the other. */
export let outputAt: usize = 0
/** Where those of each row end, counted from there. */
export let endsAt: usize = 0
let room: usize = 0
let endRoom: i32 = 0
/** Behind what was written. */
let end: usize = 0

export function beginOutput(rows: i32): void {
  end = outputAt
  if (rows <= endRoom) return
  endRoom = max(rows, endRoom * 2)
  endsAt = heap.alloc(<usize>endRoom << 2)
}

@inline
export function endRow(index: i32): void {
  store<u32>(endsAt + (<usize>index << 2), <u32>(end - outputAt))
}

export function outputBytes(): usize {
  return end - outputAt
}

/**
 * Makes the output longer, for the caller to fill in at once.
 *
 * @returns Where the new part begins. What was written before may have moved.
 */
@inline
export function claim(size: usize): usize {
  if (end + size + OVERSHOOT > outputAt + room) grow(size)
  const at = end
  end += size
  return at
}

/** Takes back all but so many bytes. */
export function cutTo(bytes: usize): void {
  end = outputAt + bytes
}

/** @param from Where so many bytes stand, and 15 more that may be read. */
@inline
export function appendBytes(from: usize, size: usize): void {
  const to = claim(size)
  for (let at: usize = 0; at < size; at += 16) v128.store(to + at, v128.load(from + at))
}

function grow(size: usize): void {
  const written = end - outputAt
  room = max(written + size + OVERSHOOT, room * 2)
  const larger = heap.alloc(room)
  memory.copy(larger, outputAt, written)
  outputAt = larger
  end = larger + written
}
