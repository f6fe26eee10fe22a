// SPDX-License-Identifier: Apache-2.0
import { allocate, release } from '../memory'

/**
 * Bytes of block hashes that are remembered, of the trajectories that were
 * active last: those of the last request of each trajectory would be the
 * greater part of all memory.
 */
export const REMEMBERED_BYTES: u32 = 4 * 1024 * 1024

/** Made when the first ones come. */
let remembered: usize = 0
/** Bytes that were ever remembered; what is further back than the size is overwritten. */
let end: u64 = 0

/** For what has no place among the others. */
let spare: usize = 0
let spareRoom: u32 = 0

/**
 * Makes a place for hashes, which are remembered until others have taken it.
 *
 * @param bytes No more than REMEMBERED_BYTES.
 */
export function claim(bytes: u32): u64 {
  if (remembered === 0) remembered = allocate(REMEMBERED_BYTES)
  // They stand in one piece, so what is left at the end of the memory is passed over.
  const room = REMEMBERED_BYTES - <u32>(end % REMEMBERED_BYTES)
  if (bytes > room) end += room
  const place = end
  end += bytes
  return place
}

@inline
export function isRemembered(place: u64): bool {
  return end - place <= REMEMBERED_BYTES
}

@inline
export function addressOf(place: u64): usize {
  return remembered + <usize>(place % REMEMBERED_BYTES)
}

/** Makes room that is good until it is asked for again. */
export function claimSpare(bytes: u32): usize {
  if (bytes <= spareRoom) return spare
  if (spareRoom > 0) release(spare, spareRoom)
  spareRoom = bytes
  spare = allocate(spareRoom)
  return spare
}
