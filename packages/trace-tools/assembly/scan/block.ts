// SPDX-License-Identifier: Apache-2.0
import { grown } from './grown'

/** Bytes behind a block that may be read with it: what is compared or skipped many bytes at a time reaches beyond its end. */
const BYTES_BEHIND: usize = 32

/** Where the block stands in which texts are places; behind it come texts that had to be decoded. */
export let blockAt: usize = 0
let room: usize = 0

/**
 * Makes room for a block, which the host copies to the place that is returned.
 * What is behind `keep` bytes of the block before is lost.
 */
export function reserveBlock(bytes: usize, keep: usize): usize {
  if (bytes > room) {
    room = max(bytes, room * 2)
    blockAt = grown(blockAt, keep, room + BYTES_BEHIND)
  }
  return blockAt
}
