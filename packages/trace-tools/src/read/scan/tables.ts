// SPDX-License-Identifier: Apache-2.0
import type { Entry } from './fields.ts'

const ENTRY_BYTES = 64
/** Of an entry, what stands before its text. */
const TEXT_OFFSET = 8
/** The first entry of a list tells how many follow. */
const LIST_ENTRIES = 32

/** Puts lists in the form in which assembly/scan/tables.ts reads them. */
export function encodeLists(lists: readonly (readonly Entry[])[]): Uint8Array {
  const bytes = Buffer.alloc(lists.length * LIST_ENTRIES * ENTRY_BYTES)
  for (const [index, entries] of lists.entries()) {
    const list = index * LIST_ENTRIES * ENTRY_BYTES
    if (entries.length >= LIST_ENTRIES) throw new RangeError('too many entries')
    bytes.writeUInt32LE(entries.length, list)
    for (const [place, { text, type, meaning, group }] of entries.entries()) {
      const entry = list + (place + 1) * ENTRY_BYTES
      if (text.length > ENTRY_BYTES - TEXT_OFFSET) throw new RangeError(`too long: ${text}`)
      bytes.set([text.length, type, meaning, group], entry)
      bytes.write(text, entry + TEXT_OFFSET)
    }
  }
  return bytes
}
