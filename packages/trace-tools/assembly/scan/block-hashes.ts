// SPDX-License-Identifier: Apache-2.0
import { skipBlanks, skipManyDigits } from '../text'
import { grown } from './grown'

const FIRST_BLOCKS: i32 = 16 * 1024

/** Two odd multipliers that mix well and not alike. */
const MULTIPLIER: u64 = 0x9e3779b97f4a7c15
const MIDDLE_MULTIPLIER: u64 = 0xd6e8feb86659fd93

/** KV blocks that the rows name, up to the row that is filled. */
export let blockCount: i32 = 0
/** Where their hashes stand, see RowBatch. */
export let blockHashesAt: usize = 0
let capacity: i32 = 0

/** Goes back to so many blocks. */
export function keepBlocks(count: i32): void {
  blockCount = count
}

/** Adds the block that the digits of a u64 stand for. */
@inline
export function addBlock(start: usize, end: usize): void {
  if (blockCount === capacity) grow()
  store<u32>(blockHashesAt + (<usize>blockCount << 2), hashDigits(start, end))
  blockCount++
}

/** Adds the blocks of a list as a row may have it: u64, comma-separated, blanks possible. */
export function addBlocks(start: usize, end: usize): void {
  let at = start
  while (at < end) {
    const digits = skipBlanks(at)
    // What stands behind the list may be digits too.
    at = min(skipManyDigits(digits), end)
    if (at > digits) addBlock(digits, at)
    at = skipBlanks(at) + 1
  }
}

/**
 * 32 bits for up to 20 digits. The lower half of a digit's byte is its value,
 * so the first 8 digits, moved by half a byte, and the last 8 fit into one
 * word; what stands between them and how many there are make another one.
 */
@inline
export function hashDigits(start: usize, end: usize): u32 {
  const digits = <u64>(end - start)
  if (digits < 8) return <u32>(((load<u64>(end - 8) >> ((8 - digits) << 3)) * MULTIPLIER) >> 32)
  const ends = load<u64>(end - 8) ^ (load<u64>(start) << 4)
  const middle = (digits << 32) | (digits > 16 ? <u64>load<u32>(start + 8) : 0)
  return <u32>((ends * MULTIPLIER + middle * MIDDLE_MULTIPLIER) >> 32)
}

function grow(): void {
  const blocks = capacity
  capacity = max(FIRST_BLOCKS, blocks * 2)
  blockHashesAt = grown(blockHashesAt, <usize>blocks << 2, <usize>capacity << 2)
}
