// SPDX-License-Identifier: Apache-2.0

/**
 * JSON that is put in often, such as the name of a field. It is kept in words
 * of eight bytes, zeros behind its end, which are stored at once: that is
 * several times as fast as byte by byte, and as a call. The words are doubles,
 * since those can be stored without being allocated; none of them is NaN,
 * whose bits an engine may change, because ASCII has no byte of which the
 * upper bits of one could be made.
 */
export interface Constant {
  readonly words: Float64Array
  readonly length: number
}

/** @param json What is not ASCII in it is escaped; that can only stand in strings. */
export function constant(json: string): Constant {
  const ascii = json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const bytes = new Uint8Array(Math.ceil(ascii.length / 8) * 8)
  new TextEncoder().encodeInto(ascii, bytes)
  const view = new DataView(bytes.buffer)
  const words = Float64Array.from({ length: bytes.length / 8 }, (_, index) => view.getFloat64(index * 8, true))
  return { words, length: ascii.length }
}
