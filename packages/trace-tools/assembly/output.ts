// SPDX-License-Identifier: Apache-2.0

/** What is copied 16 bytes at a time reads so many bytes behind the last one, and writes them. */
export const OVERSHOOT: usize = 16

/** More than most outputs need: a writer's packets are taken when there are 64 KB, and the details of a block are some more. */
const FIRST_ROOM: usize = 80 * 1024

/** Where the output begins. */
export let outputAt: usize = heap.alloc(FIRST_ROOM)

/** Behind what was written. */
export let end: usize = outputAt

/** How far it may reach. */
let limit: usize = outputAt + FIRST_ROOM - OVERSHOOT

/** Makes room for so many bytes. What was written may move. */
@inline
export function reserve(size: usize): void {
  if (end + size > limit) grow(size)
}

/** What is given up is lost to the allocator: room grows a few times and then never again. */
function grow(size: usize): void {
  const written = end - outputAt
  const room = max(written + size + OVERSHOOT, (limit - outputAt) * 2)
  const moved = heap.alloc(room)
  memory.copy(moved, outputAt, written)
  outputAt = moved
  end = moved + written
  limit = moved + room - OVERSHOOT
}

/** Leaves room for so many bytes that were reserved, and says where. */
@inline
export function advance(size: usize): usize {
  const at = end
  end += size
  return at
}

/** Makes the output longer by so many bytes, for the caller to fill in. */
export function claim(size: usize): usize {
  reserve(size)
  return advance(size)
}

/** Appends bytes for which room was reserved. */
@inline
export function append(from: usize, size: usize): void {
  copyBytes(advance(size), from, size)
}

/** Copies bytes to where so many were claimed or reserved. */
@inline
export function copyBytes(to: usize, from: usize, size: usize): void {
  for (let at: usize = 0; at < size; at += 16) v128.store(to + at, v128.load(from + at))
}

export function outputBytes(): usize {
  return end - outputAt
}

/** Takes back all but so many bytes. */
export function cutTo(bytes: usize): void {
  end = outputAt + bytes
}
