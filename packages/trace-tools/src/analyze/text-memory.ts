// SPDX-License-Identifier: Apache-2.0

/**
 * Remembers the latest texts in a fixed number of bytes, each until others
 * have taken its place: block hashes of the last request of each trajectory
 * would else be the greater part of all memory.
 */
export class TextMemory {
  readonly #bytes: Uint8Array
  /** Bytes that were ever put in; what is further back than the size is overwritten. */
  #end = 0

  /** @param size In bytes; made when the first text comes. */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size)
  }

  /** @returns What to ask for it with; -1 for a text that is too long to be remembered. */
  put(bytes: Uint8Array, start: number, length: number): number {
    const size = this.#bytes.length
    if (length > size) return -1
    // A text stands in one piece, so what is left at the end of the memory is passed over.
    const room = size - (this.#end % size)
    if (length > room) this.#end += room
    const place = this.#end
    this.#bytes.set(bytes.subarray(start, start + length), place % size)
    this.#end += length
    return place
  }

  /** The text, where it is still remembered; good until the next one is put in. */
  get(place: number, length: number): Uint8Array | undefined {
    const size = this.#bytes.length
    if (place < 0 || this.#end - place > size) return undefined
    const start = place % size
    return this.#bytes.subarray(start, start + length)
  }
}
