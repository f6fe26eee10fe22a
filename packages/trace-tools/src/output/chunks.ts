// SPDX-License-Identifier: Apache-2.0

/** More are free only after a burst. */
const MAX_SPARE = 3

/** Gathers pieces in memory that is used again: new memory for each would grow until the garbage collector hears of it. */
export class Chunks {
  readonly #size: number
  readonly #spare: Uint8Array[] = []
  #full: Uint8Array[] = []
  #current: Uint8Array | undefined
  #length = 0

  /** @param size Of a chunk, in bytes. */
  constructor(size: number) {
    this.#size = size
  }

  append(piece: Uint8Array): void {
    for (let from = 0; from < piece.length; ) {
      const chunk = (this.#current ??= this.#spare.pop() ?? new Uint8Array(this.#size))
      const taken = piece.subarray(from, from + chunk.length - this.#length)
      chunk.set(taken, this.#length)
      this.#length += taken.length
      from += taken.length
      if (this.#length < chunk.length) continue
      this.#full.push(chunk)
      this.#current = undefined
      this.#length = 0
    }
  }

  /** What was gathered, in order. */
  take(): readonly Uint8Array[] {
    const taken = this.#full
    this.#full = []
    if (this.#current !== undefined && this.#length > 0) taken.push(this.#current.subarray(0, this.#length))
    this.#current = undefined
    this.#length = 0
    return taken
  }

  /** Gives a chunk back that was taken and is done with. */
  give({ buffer, byteOffset }: Uint8Array): void {
    if (this.#spare.length < MAX_SPARE) this.#spare.push(new Uint8Array(buffer, byteOffset, this.#size))
  }
}
