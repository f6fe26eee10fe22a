// SPDX-License-Identifier: Apache-2.0
import {
  BLOCK_SIZE,
  CACHED_TOKENS,
  END_MS,
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  ROW,
  SLOT,
  START_MS,
  TRAJECTORY,
  WORKERS,
} from '../../src/model/told'
import { valueOf } from '../spans'
import { addressOf, claim, claimSpare, isRemembered, REMEMBERED_BLOCKS } from './block-memory'
import { copyBlocks, lose } from './host'
import { countSharedBlocks } from './shared-blocks'
import { Turn, turnOf } from './turns'

/** A turn counts as lost when it reused less than this part of what it could have. */
const LOST_BELOW: f64 = 0.5

/**
 * What counts as a block where rows do not tell its size: hosted services
 * report no cached tokens below this many, so less would be a false alarm.
 */
const UNKNOWN_BLOCK_TOKENS: f64 = 1024

/** Where the hashes of the blocks of the turn at hand stand, and their place where they are remembered. */
let hashes: usize = 0
let hashPlace: u64 = 0
/** Where those of the turn before it stand; 0 where they are forgotten. */
let hashesBefore: usize = 0

/** Tokens that the turn could have reused that was the last to lose its cache, whole blocks of them. */
let expectedTokens: f64 = 0

/** Makes room for the hashes of the blocks of a trajectory's next turn. @returns Where the host copies them to. */
export function placeBlocks(trajectory: u32, blocks: u32): usize {
  const before = turnOf(trajectory)
  hashesBefore = before.blocks > 0 && isRemembered(before.hashes) ? addressOf(before.hashes) : 0
  if (blocks > REMEMBERED_BLOCKS) {
    hashes = claimSpare(blocks)
    return hashes
  }
  hashPlace = claim(blocks)
  hashes = addressOf(hashPlace)
  // Those that make way for them are compared with them first.
  if (hashesBefore !== 0 && !isRemembered(before.hashes)) {
    const moved = claimSpare(before.blocks)
    memory.copy(moved, hashesBefore, before.blocks << 2)
    hashesBefore = moved
  }
  return hashes
}

/** Compares a request with the one before it of its trajectory, and is what the next one is compared with. */
export function takeTurn(span: usize): void {
  const trajectory = <u32>valueOf(span, TRAJECTORY)
  const inputTokens = valueOf(span, INPUT_TOKENS)
  const outputTokens = valueOf(span, OUTPUT_TOKENS)
  const blockSize = valueOf(span, BLOCK_SIZE)
  const workers = <u32>valueOf(span, WORKERS)
  const blocks = copyBlocks(trajectory, <u32>valueOf(span, SLOT), <u32>valueOf(span, ROW))
  const turn = turnOf(trajectory)
  // Nothing is known of a turn that began before the last one ended, and NaN says that there was none.
  const isNext = turn.endMs <= valueOf(span, START_MS) + 1
  if (isNext && losesCache(turn, inputTokens, valueOf(span, CACHED_TOKENS), blockSize, blocks)) {
    lose(span, expectedTokens, turn.workers !== 0 && workers !== 0 && turn.workers !== workers)
  }
  turn.endMs = valueOf(span, END_MS)
  turn.inputTokens = inputTokens
  turn.outputTokens = isNaN(outputTokens) ? 0 : outputTokens
  turn.blockSize = blockSize
  turn.workers = workers
  turn.hashes = hashPlace
  turn.blocks = blocks <= REMEMBERED_BLOCKS ? blocks : 0
}

function losesCache(before: Turn, inputTokens: f64, cachedTokens: f64, ownBlockSize: f64, blocks: u32): bool {
  const blockSize = max(1, ownBlockSize || before.blockSize || UNKNOWN_BLOCK_TOKENS)
  const mostTokens = countContinued(before, inputTokens, blockSize)
  // Mostly the numbers of tokens say already that nothing was lost; NaN says nothing.
  if (!(cachedTokens < mostTokens * LOST_BELOW)) return false
  const reusableTokens = countReusable(before, blockSize, blocks, mostTokens)
  if (cachedTokens >= reusableTokens * LOST_BELOW) return false
  expectedTokens = reusableTokens
  return true
}

/** Whole blocks of what the turn before left, as long as this one's input may go on from there. */
function countContinued(before: Turn, inputTokens: f64, blockSize: f64): f64 {
  if (isNaN(before.inputTokens) || isNaN(inputTokens)) return 0
  return Math.floor(min(before.inputTokens + before.outputTokens, inputTokens) / blockSize) * blockSize
}

/** As far as the hashes are the same; where they are not known, as far as the numbers of tokens allow. */
function countReusable(before: Turn, blockSize: f64, blocks: u32, mostTokens: f64): f64 {
  if (blocks === 0 || hashesBefore === 0) return mostTokens
  const shared: f64 = countSharedBlocks(hashesBefore, before.blocks, hashes, blocks)
  return shared < Math.floor(before.inputTokens / blockSize) ? shared * blockSize : mostTokens
}
