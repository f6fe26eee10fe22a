// SPDX-License-Identifier: Apache-2.0

/** Room behind the bytes, so that words can be read where there are only bytes. */
const BYTES_BEHIND = 3

/** Encoded bytes that are kept to be appended. */
export class Piece {
  readonly bytes: Uint8Array
  readonly length: number
  /** The bytes and what is behind them. */
  readonly view: DataView

  constructor(bytes: Uint8Array) {
    const { length } = bytes
    const padded = new Uint8Array(length + BYTES_BEHIND)
    padded.set(bytes)
    this.bytes = padded.subarray(0, length)
    this.length = length
    this.view = viewOf(padded)
  }
}

/** The same bytes, for reading and writing words. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
