// SPDX-License-Identifier: Apache-2.0
import { tokenize } from './tokenizer.ts'

/** Hashes a text block by block while it grows. */
export interface BlockHasher {
  /** Appends text. What is appended in several calls is cut into tokens call by call. */
  append(text: string): void
  readonly tokens: number
  /** One u64 for each whole block so far; each covers all blocks before it. */
  readonly wholeBlocks: readonly bigint[]
  /** The same with the partial last block, as Dynamo's traces carry it: ceil(tokens / blockSize) hashes. */
  allBlocks(): bigint[]
}

/**
 * The two 32-bit lanes are multiplied separately because a BigInt for each
 * token would take a hundred times as long; a block becomes one BigInt.
 */
export function createBlockHasher(blockSize: number): BlockHasher {
  const wholeBlocks: bigint[] = []
  let tokens = 0
  let low = 0x243f6a88
  let high = 0x85a308d3

  return {
    append(text) {
      for (const token of tokenize(text)) {
        low = Math.imul(low ^ token, 0x9e3779b1)
        low ^= low >>> 15
        high = Math.imul(high ^ token, 0x85ebca77)
        high ^= high >>> 13
        tokens++
        if (tokens % blockSize === 0) wholeBlocks.push(joinLanes(low, high))
      }
    },
    get tokens() {
      return tokens
    },
    wholeBlocks,
    allBlocks() {
      return tokens % blockSize === 0 ? [...wholeBlocks] : [...wholeBlocks, joinLanes(low, high)]
    },
  }
}

const lanes = new Uint32Array(2)
const joined = new BigUint64Array(lanes.buffer)

function joinLanes(low: number, high: number): bigint {
  lanes[0] = scramble(low ^ Math.imul(high, 0xc2b2ae3d))
  lanes[1] = scramble(high ^ Math.imul(low, 0x27d4eb2f))
  return joined[0] ?? 0n
}

/** The finalizer of MurmurHash3: each bit in changes half of the bits out. */
function scramble(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
