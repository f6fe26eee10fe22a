// SPDX-License-Identifier: Apache-2.0

/** Some bytes to be looked for, four at a time. */
export class TextPiece {
  readonly length: number
  readonly #words: Uint32Array
  /** Which bytes of the last word belong to the piece. */
  readonly #lastMask: number

  /** @param bytes At least one. */
  constructor(bytes: Uint8Array) {
    const padded = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 4) * 4))
    for (const [index, byte] of bytes.entries()) padded.setUint8(index, byte)
    this.length = bytes.length
    this.#words = Uint32Array.from({ length: padded.byteLength / 4 }, (_, index) => padded.getUint32(index * 4, true))
    this.#lastMask = 0xffffffff >>> (8 * (padded.byteLength - bytes.length))
  }

  /** Whether the piece is what stands at a place of a block: what comes before the line feed at its end is compared. */
  standsAt(text: DataView, place: number): boolean {
    const words = this.#words
    const last = words.length - 1
    for (let index = 0; index < last; index++) {
      if (text.getUint32(place + index * 4, true) !== words[index]) return false
    }
    return ((text.getUint32(place + last * 4, true) ^ (words[last] ?? 0)) & this.#lastMask) === 0
  }
}
