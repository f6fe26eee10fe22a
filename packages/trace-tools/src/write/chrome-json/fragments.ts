// SPDX-License-Identifier: Apache-2.0
import { detailsStart, type RowReference } from '../../read/row-batch.ts'
import type { JsonBuffer } from './json-buffer.ts'

/**
 * What a row says goes from the thread that reads it to the one that writes in
 * pieces, each behind its length in four bytes: so the writer copies them
 * without looking at them.
 */
const LENGTH_BYTES = 4

const nothing = new Uint8Array(0)

/** Begins a piece, which is all that is put in until endFragment. */
export function beginFragment(buffer: JsonBuffer): number {
  buffer.reserve(LENGTH_BYTES)
  buffer.length += LENGTH_BYTES
  return buffer.length
}

/** @param start What beginFragment gave. */
export function endFragment({ bytes, length }: JsonBuffer, start: number): void {
  const size = length - start
  bytes[start - 4] = size
  bytes[start - 3] = size >>> 8
  bytes[start - 2] = size >>> 16
  bytes[start - 1] = size >>> 24
}

/** Goes through the pieces of one thing, wherever they stand. */
export class FragmentCursor {
  bytes: Uint8Array = nothing
  /** Begin and end of the present piece; alike where there is none. */
  start = 0
  end = 0
  #limit = 0

  /** Goes to before the first piece of what a row says. */
  enterRow({ batch: { details }, row }: RowReference): void {
    if (details === undefined) this.enter(nothing)
    else this.#enter(details.bytes, detailsStart(details, row), details.ends[row] ?? 0)
  }

  /** Goes to before the first of these pieces. */
  enter(bytes: Uint8Array): void {
    this.#enter(bytes, 0, bytes.length)
  }

  /** Goes to the next piece; false where there is none. */
  next(): boolean {
    const { bytes, end } = this
    this.start = end
    if (end >= this.#limit) return false
    this.start += LENGTH_BYTES
    const size =
      (bytes[end] ?? 0) | ((bytes[end + 1] ?? 0) << 8) | ((bytes[end + 2] ?? 0) << 16) | ((bytes[end + 3] ?? 0) << 24)
    this.end = this.start + size
    return true
  }

  #enter(bytes: Uint8Array, from: number, to: number): void {
    this.bytes = bytes
    this.start = from
    this.end = from
    this.#limit = to
  }
}
