// SPDX-License-Identifier: Apache-2.0

/** What is free beyond that is left to the garbage collector: a burst does not hold memory for ever. */
const MAX_FREE = 1 << 13

/**
 * Objects that are used again. What waits for its turn outlives the garbage
 * collector's quick rounds, and would be moved twice and then cleared away the
 * expensive way: with millions of rows that is a sixth of all work.
 */
export class Pool<Item> {
  readonly #free: Item[] = []

  /** One that is free; every field of it has to be set anew. */
  take(): Item | undefined {
    return this.#free.pop()
  }

  /** @param item Nobody may look at it any more. */
  give(item: Item): void {
    if (this.#free.length < MAX_FREE) this.#free.push(item)
  }
}
