// SPDX-License-Identifier: Apache-2.0
import { EXTRA_WORDS } from './span-extras.ts'

/** What is added to spans that are drawn together, one span after the other. */
export class Extras {
  #words = new Uint32Array(256 * EXTRA_WORDS)
  #span = -EXTRA_WORDS

  /** Forgets what was added. */
  begin(): void {
    this.#span = -EXTRA_WORDS
  }

  /** Goes on to the next span, to which nothing is added yet. */
  next(): void {
    this.#span += EXTRA_WORDS
    const end = this.#span + EXTRA_WORDS
    if (end > this.#words.length) {
      const larger = new Uint32Array(end * 2)
      larger.set(this.#words)
      this.#words = larger
    }
    this.#words.fill(0, this.#span, end)
  }

  /** @param place One of span-extras.ts. */
  set(place: number, value: number): void {
    this.#words[this.#span + place] = value
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, (this.#span + EXTRA_WORDS) * Uint32Array.BYTES_PER_ELEMENT)
  }
}
