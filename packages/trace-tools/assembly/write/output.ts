// SPDX-License-Identifier: Apache-2.0

/** Whoever writes the packets takes them when there are 64 KB; one span more seldom needs more than this. */
let room: usize = 80 * 1024

/** Bytes are copied 16 at a time, so that some are written behind the last one. */
export const OVERSHOOT: usize = 16

/** Where the packets stand that were not taken yet. */
let start: usize = heap.alloc(room)

/** Behind the last of them. */
export let end: usize = start

/** Makes room for so many bytes. What was written may move. */
export function reserve(size: usize): void {
  const needed = end - start + size + OVERSHOOT
  if (needed <= room) return
  room = max(needed, room * 2)
  const moved = heap.alloc(room)
  memory.copy(moved, start, end - start)
  end += moved - start
  start = moved
}

/** Leaves room for so many bytes that were reserved, and says where. */
@inline
export function advance(size: usize): usize {
  const at = end
  end += size
  return at
}

/** Lengthens the packets by so many bytes, for the caller to fill in. */
export function claim(size: usize): usize {
  reserve(size)
  return advance(size)
}

/** Where the packets begin. */
export function packets(): usize {
  return start
}

export function packetBytes(): usize {
  return end - start
}

/** Forgets the packets, which were taken. */
export function empty(): void {
  end = start
}
