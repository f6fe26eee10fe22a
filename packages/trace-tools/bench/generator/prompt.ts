// SPDX-License-Identifier: Apache-2.0
import type { Random } from './random.ts'
import { TextBuffer } from './text-buffer.ts'

/**
 * Tokens in a KV block. Engines have smaller ones; with these a context of
 * tens of thousands of tokens, as agents have them, gives rows of the size
 * that traces of small blocks have.
 */
export const BLOCK_TOKENS = 512

/** Of the longest one, with its comma. */
const HASH_BYTES = 21

/** The blocks that the prompts of one harness begin with: system prompt and tools. */
export interface SharedBlocks {
  readonly count: number
  /** Each with a comma behind it. */
  readonly hashes: Uint8Array
}

const nothingShared: SharedBlocks = { count: 0, hashes: new Uint8Array() }

export function createSharedBlocks(random: Random, count: number): SharedBlocks {
  const hashes = new TextBuffer(count * HASH_BYTES)
  for (let block = 0; block < count; block++) hashes.u64(random).comma()
  return { count, hashes: hashes.written }
}

/** The context of one trajectory, which grows from turn to turn, and its block hashes as they stand in rows. */
export class Prompt {
  readonly #random: Random
  readonly #shared: SharedBlocks
  /** Each with a comma behind it. */
  readonly #hashes: TextBuffer
  #wholeLength = 0
  #wholeBlocks = 0
  #tokens = 0

  /** @param capacityTokens The most that it can grow to. */
  constructor(random: Random, capacityTokens: number, shared: SharedBlocks = nothingShared) {
    this.#random = random
    this.#shared = shared
    this.#hashes = new TextBuffer(Math.ceil(capacityTokens / BLOCK_TOKENS + 1) * HASH_BYTES)
    this.compact(0)
  }

  get tokens(): number {
    return this.#tokens
  }

  /** Blocks that are full: only these can be found in a cache. */
  get wholeBlocks(): number {
    return this.#wholeBlocks
  }

  get blocks(): number {
    return Math.ceil(this.#tokens / BLOCK_TOKENS)
  }

  /** Writes the hash of each block, also of a last one that is not full, with commas between them. */
  writeHashes(out: TextBuffer): void {
    out.copy(this.#hashes, this.#hashes.length - 1)
  }

  append(tokens: number): void {
    this.#tokens += tokens
    this.#hashes.truncate(this.#wholeLength)
    for (; (this.#wholeBlocks + 1) * BLOCK_TOKENS <= this.#tokens; this.#wholeBlocks++) this.#appendHash()
    this.#wholeLength = this.#hashes.length
    if (this.#tokens % BLOCK_TOKENS > 0) this.#appendHash()
  }

  /** All but the shared blocks is replaced by something new. */
  compact(tokens: number): void {
    this.#hashes.truncate(0)
    this.#hashes.bytes(this.#shared.hashes)
    this.#wholeLength = this.#hashes.length
    this.#wholeBlocks = this.#shared.count
    this.#tokens = this.#shared.count * BLOCK_TOKENS
    this.append(tokens)
  }

  #appendHash(): void {
    this.#hashes.u64(this.#random).comma()
  }
}
