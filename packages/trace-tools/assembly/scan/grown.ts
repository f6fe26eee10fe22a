// SPDX-License-Identifier: Apache-2.0

/**
 * Moves what a piece of memory holds to a larger one. The piece itself is lost
 * to the allocator: columns grow a few times and then never again.
 */
export function grown(from: usize, bytes: usize, newBytes: usize): usize {
  const to = heap.alloc(newBytes)
  memory.copy(to, from, bytes)
  return to
}
