// SPDX-License-Identifier: Apache-2.0

/** Things that WebAssembly knows by a number, from 1; numbers are used again. */
export class Kept<Item> {
  readonly #items: (Item | undefined)[] = [undefined]
  readonly #free: number[] = []

  keep(item: Item): number {
    const number = this.#free.pop() ?? this.#items.length
    this.#items[number] = item
    return number
  }

  at(number: number): Item {
    const item = this.#items[number]
    if (item === undefined) throw new RangeError(`nothing is kept as ${number}`)
    return item
  }

  forget(number: number): void {
    this.#items[number] = undefined
    this.#free.push(number)
  }
}
