// SPDX-License-Identifier: Apache-2.0
import { matches } from '../text'

/** Bytes of an entry, and of what stands before the first one of a list: how many there are. */
const ENTRY_BYTES: usize = 64
const TEXT_OFFSET: usize = 8
const LIST_BYTES: usize = 32 * ENTRY_BYTES

/**
 * The lists that src/read/scan/tables.ts makes: the keys of each kind of
 * object, and texts that values may be.
 */
let listsAt: usize = 0

export function setTables(at: usize): void {
  listsAt = at
}

@inline
export function listAt(index: i32): usize {
  return listsAt + <usize>index * LIST_BYTES
}

@inline
export function entriesOf(list: usize): i32 {
  return load<u32>(list)
}

@inline
export function entryAt(list: usize, index: i32): usize {
  return list + <usize>(index + 1) * ENTRY_BYTES
}

/** Bytes of its text. */
@inline
export function lengthOf(entry: usize): i32 {
  return load<u8>(entry)
}

@inline
export function typeOf(entry: usize): u8 {
  return load<u8>(entry, 1)
}

/** Column of a field; what a value means. */
@inline
export function meaningOf(entry: usize): i32 {
  return load<u8>(entry, 2)
}

/** Bits of what the field belongs to. */
@inline
export function groupOf(entry: usize): i32 {
  return load<u8>(entry, 3)
}

/** Whether the text of an entry stands here. */
@inline
export function standsAt(entry: usize, at: usize): bool {
  return matches(at, entry + TEXT_OFFSET, lengthOf(entry))
}

/** The entry whose text stands here; 0 where there is none. */
export function findEntry(list: i32, at: usize): usize {
  const entries = listAt(list)
  const count = entriesOf(entries)
  for (let index = 0; index < count; index++) {
    const entry = entryAt(entries, index)
    if (standsAt(entry, at)) return entry
  }
  return 0
}
