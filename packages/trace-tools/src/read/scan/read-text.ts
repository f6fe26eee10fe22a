// SPDX-License-Identifier: Apache-2.0
import { requestText } from '../columns.ts'
import type { RowColumns } from './row-columns.ts'
import { UNUSUAL, type Text } from './text.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d

const U64_DIGITS = 20
const maxU64 = Buffer.from('18446744073709551615')

/** Reads a string into a column if it needs no decoding. */
export function readText(columns: RowColumns, start: number, column: number): number {
  const { text } = columns
  const { bytes } = text
  if (bytes[start] !== QUOTE) return UNUSUAL
  const end = text.skipPlain(start + 1)
  if (bytes[end] !== QUOTE) return UNUSUAL
  columns.setText(column, start + 1, end)
  return end + 1
}

/** Reads a u64 into a column as its digits, which no double could hold. */
export function readU64(columns: RowColumns, start: number, column: number): number {
  const end = skipU64(columns.text, start)
  if (end > 0) columns.setText(column, start, end)
  return end
}

/**
 * Takes a row's hashes as they stand between the brackets. Each is checked to
 * be a u64, so that whoever decodes them later finds nothing else.
 */
export function readHashes(columns: RowColumns, start: number): number {
  const { text } = columns
  const { bytes } = text
  if (bytes[start] !== OPENING_BRACKET) return UNUSUAL
  let at = start + 1
  if (bytes[at] !== CLOSING_BRACKET) {
    at = start
    do {
      at = skipU64(text, text.skipBlanks(at + 1))
    } while (at > 0 && bytes[at] === COMMA)
    if (at < 0 || bytes[at] !== CLOSING_BRACKET) return UNUSUAL
  }
  columns.setText(requestText.hashes, start + 1, at)
  return at + 1
}

function skipU64(text: Text, start: number): number {
  const { bytes } = text
  const at = text.skipDigits(start)
  const digits = at - start
  if (digits === 0 || (bytes[start] === ZERO && digits > 1)) return UNUSUAL
  return digits < U64_DIGITS || (digits === U64_DIGITS && !exceedsU64(bytes, start)) ? at : UNUSUAL
}

/** Whether 20 digits are more than the largest u64. */
function exceedsU64(bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < U64_DIGITS; index++) {
    const difference = (bytes[start + index] ?? 0) - (maxU64[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}
