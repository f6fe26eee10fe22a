// SPDX-License-Identifier: Apache-2.0

/** A growing list of numbers. */
export class NumberList {
  #values = new Float64Array(256)
  #count = 0

  get count(): number {
    return this.#count
  }

  push(value: number): void {
    if (this.#count === this.#values.length) {
      const grown = new Float64Array(this.#count * 2)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#count++] = value
  }

  /** The numbers so far; another array when more have come. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#count)
  }
}
