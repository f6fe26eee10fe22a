// SPDX-License-Identifier: Apache-2.0
import { allocate, release } from '../memory'

/**
 * KV blocks whose hashes are remembered, of the trajectories that were active
 * last: those of the last request of each trajectory would be the greater part
 * of all memory.
 */
export const REMEMBERED_BLOCKS: u32 = 256 * 1024

const HASH_BYTES: u32 = 4

/** Made when the first ones come. */
let remembered: usize = 0
/** Blocks that were ever remembered; what is further back than the size is overwritten. */
let end: u64 = 0

/** For what has no place among the others. */
let spare: usize = 0
let spareRoom: u32 = 0

/**
 * Makes a place for the hashes of blocks, which are remembered until others have taken it.
 *
 * @param blocks No more than REMEMBERED_BLOCKS.
 */
export function claim(blocks: u32): u64 {
  if (remembered === 0) remembered = allocate(REMEMBERED_BLOCKS * HASH_BYTES)
  // They stand in one piece, so what is left at the end of the memory is passed over.
  const room = REMEMBERED_BLOCKS - <u32>(end % REMEMBERED_BLOCKS)
  if (blocks > room) end += room
  const place = end
  end += blocks
  return place
}

@inline
export function isRemembered(place: u64): bool {
  return end - place <= REMEMBERED_BLOCKS
}

@inline
export function addressOf(place: u64): usize {
  return remembered + <usize>(place % REMEMBERED_BLOCKS) * HASH_BYTES
}

/** Makes room that is good until it is asked for again. */
export function claimSpare(blocks: u32): usize {
  const bytes = blocks * HASH_BYTES
  if (bytes <= spareRoom) return spare
  if (spareRoom > 0) release(spare, spareRoom)
  spareRoom = bytes
  spare = allocate(spareRoom)
  return spare
}
