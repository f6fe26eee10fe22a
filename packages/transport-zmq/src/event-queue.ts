// SPDX-License-Identifier: Apache-2.0

/** A first-in, first-out queue whose both ends cost the same however long it is. */
export class EventQueue<Item> {
  #items: Item[] = []
  #head = 0

  get size(): number {
    return this.#items.length - this.#head
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  /** Puts an item back that was just taken. */
  unshift(item: Item): void {
    if (this.#head > 0) this.#items[--this.#head] = item
    else this.#items.unshift(item)
  }

  shift(): Item | undefined {
    const item = this.#items[this.#head]
    if (item === undefined) return undefined
    this.#head++
    // Array.shift moves every item; dropping the consumed half moves each item once on average.
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  /** Empties the queue and tells how many items were in it. */
  clear(): number {
    const { size } = this
    this.#items = []
    this.#head = 0
    return size
  }
}
