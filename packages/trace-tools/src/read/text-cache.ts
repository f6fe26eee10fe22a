// SPDX-License-Identifier: Apache-2.0
import { textLength, textOf, textStart, type RowReference } from './row-batch.ts'

/** A power of two. */
const SLOTS = 256

/** Longer texts are hardly ever the same. */
const MAX_LENGTH = 64

/** Decodes texts that are the same in most rows, such as classes of tools: a known one is compared in place. */
export class TextCache {
  readonly #texts: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined)

  textOf(row: RowReference, column: number): string | undefined {
    const start = textStart(row, column)
    const length = textLength(row, column)
    if (start === 0 || length > MAX_LENGTH) return textOf(row, column)
    const { bytes } = row.batch
    let slot = length
    for (let at = start; at < start + length; at++) slot = (Math.imul(slot, 31) + (bytes[at] ?? 0)) | 0
    slot &= SLOTS - 1
    const known = this.#texts[slot]
    if (known !== undefined && isAt(bytes, start, known) && known.length === length) return known
    const text = textOf(row, column)
    this.#texts[slot] = text
    return text
  }
}

/** Of a text with characters of more than a byte each no two lengths agree, so it is decoded each time. */
function isAt(bytes: Uint8Array, start: number, text: string): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[start + at] !== text.charCodeAt(at)) return false
  return true
}
