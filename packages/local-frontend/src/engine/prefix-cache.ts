// SPDX-License-Identifier: Apache-2.0

/** The KV cache of one worker: whole blocks by their chained hash, the least recently used leave first. */
export interface PrefixCache {
  /** How many leading blocks are here without a gap. Does not count as use. */
  match(blocks: readonly bigint[]): number
  /** Puts blocks in, or makes them the most recently used. */
  store(blocks: readonly bigint[]): void
  readonly size: number
}

export function createPrefixCache(capacity: number): PrefixCache {
  // A Set iterates in order of insertion, so its first item is the least recently used.
  const blocks = new Set<bigint>()
  return {
    match(wanted) {
      const gap = wanted.findIndex((block) => !blocks.has(block))
      return gap === -1 ? wanted.length : gap
    },
    store(used) {
      // From the end: a block is worth nothing without those before it, so it must leave before them.
      for (let index = used.length - 1; index >= 0; index--) {
        const block = used[index]
        if (block === undefined) continue
        blocks.delete(block)
        blocks.add(block)
      }
      for (const oldest of blocks) {
        if (blocks.size <= capacity) break
        blocks.delete(oldest)
      }
    },
    get size() {
      return blocks.size
    },
  }
}
