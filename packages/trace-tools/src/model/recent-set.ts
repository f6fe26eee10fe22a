// SPDX-License-Identifier: Apache-2.0

const FIRST_SLOTS = 1 << 11
const GROWTH = 4

/**
 * Remembers hashes of 64 bits in two signed halves, in bounded memory: when one
 * generation is full, the one before is forgotten. Hashes stand in typed
 * arrays, since a Set of that size would cost ten times as much.
 */
export class RecentSet {
  readonly #capacity: number
  #current = createGeneration(FIRST_SLOTS)
  #previous: Generation | undefined

  /** @param capacity How many of the last hashes are remembered at least; up to 32 bytes for each. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** @returns Whether the hash was new. */
  add(low: number, high: number): boolean {
    // Two zeros mark a free slot.
    const lowWord = low === 0 && high === 0 ? 1 : low
    if (this.#previous !== undefined && find(this.#previous, lowWord, high) < 0) return false
    const slot = find(this.#current, lowWord, high)
    if (slot < 0) return false
    this.#current.words[slot] = lowWord
    this.#current.words[slot + 1] = high
    if (++this.#current.entries * 2 > this.#current.mask + 1) this.#makeRoom()
    return true
  }

  has(low: number, high: number): boolean {
    const lowWord = low === 0 && high === 0 ? 1 : low
    return (
      find(this.#current, lowWord, high) < 0 || (this.#previous !== undefined && find(this.#previous, lowWord, high) < 0)
    )
  }

  #makeRoom(): void {
    const full = this.#current
    if (full.entries >= this.#capacity) {
      // The one that is forgotten is as large as the next one will be.
      this.#current = emptied(this.#previous) ?? createGeneration(full.mask + 1)
      this.#previous = full
      return
    }
    const grown = createGeneration((full.mask + 1) * GROWTH)
    for (let at = 0; at < full.words.length; at += 2) {
      const low = full.words[at] ?? 0
      const high = full.words[at + 1] ?? 0
      if (low === 0 && high === 0) continue
      const slot = find(grown, low, high)
      grown.words[slot] = low
      grown.words[slot + 1] = high
    }
    grown.entries = full.entries
    this.#current = grown
  }
}

interface Generation {
  /** Two for each slot. */
  readonly words: Int32Array
  readonly mask: number
  entries: number
}

function emptied(generation: Generation | undefined): Generation | undefined {
  if (generation === undefined) return undefined
  generation.words.fill(0)
  generation.entries = 0
  return generation
}

function createGeneration(slots: number): Generation {
  return { words: new Int32Array(slots * 2), mask: slots - 1, entries: 0 }
}

/** @returns Where the hash belongs, or less than 0 if it is there already. */
function find({ words, mask }: Generation, low: number, high: number): number {
  for (let slot = (low ^ high) & mask; ; slot = (slot + 1) & mask) {
    const wordLow = words[slot * 2] ?? 0
    const wordHigh = words[slot * 2 + 1] ?? 0
    if (wordLow === low && wordHigh === high) return -1
    if (wordLow === 0 && wordHigh === 0) return slot * 2
  }
}
