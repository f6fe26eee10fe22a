// SPDX-License-Identifier: Apache-2.0
import { digitAt, matches } from '../text'
import { fitsU64 } from '../u64'
import { putInteger, putReal, putStringId, putText, putUnsigned } from './annotation'
import { hasText, number, textLength, textStart } from './given'

// Types as src/write/perfetto/details/tables.ts has them.
const INTEGER: u8 = 1
const REAL: u8 = 2
const U64: u8 = 4

/** Bytes of a field: its type, its column, the tag and name's number of its annotation, and which list its texts are known from. */
const FIELD_BYTES: usize = 8

/** Bytes of a known text: its length, its number, and eight bytes from its beginning on the text. */
const KNOWN_BYTES: usize = 32
const KNOWN_TEXT: usize = 8

const LISTS: i32 = 8
/** Where lists stand that the host made, each behind how many entries it has. */
const lists = memory.data(LISTS * <i32>sizeof<usize>())

export function setList(index: usize, at: usize): void {
  store<usize>(lists + index * sizeof<usize>(), at)
}

/** Writes the fields of a list that the row has. */
export function putFields(list: usize): void {
  const at = load<usize>(lists + list * sizeof<usize>())
  const end = at + FIELD_BYTES * (1 + load<u32>(at))
  for (let field = at + FIELD_BYTES; field < end; field += FIELD_BYTES) {
    const type = load<u8>(field)
    const column = <i32>load<u8>(field, 1)
    const tag = load<u8>(field, 2)
    const nameId = load<u8>(field, 3)
    if (type <= REAL) {
      const value = number(column)
      if (isNaN(value)) continue
      if (type === INTEGER) putInteger(tag, nameId, value)
      else putReal(tag, nameId, value)
    } else if (hasText(column)) {
      putTextOf(column, tag, nameId, type, load<u8>(field, 4))
    }
  }
}

function putTextOf(column: i32, tag: u8, nameId: u8, type: u8, known: u8): void {
  const start = textStart(column)
  const length = textLength(column)
  if (known !== 0) {
    const id = findKnown(known, start, length)
    if (id !== 0) {
      putStringId(tag, nameId, id)
      return
    }
  }
  if (type === U64 && isU64(start, length)) putUnsigned(tag, nameId, valueOf(start, length))
  else putText(tag, nameId, start, length)
}

/** The number of a text that is one of a choice of few; 0 where it is not. */
function findKnown(list: usize, start: usize, length: u32): u32 {
  const at = load<usize>(lists + list * sizeof<usize>())
  const end = at + KNOWN_BYTES * (1 + load<u32>(at))
  for (let known = at + KNOWN_BYTES; known < end; known += KNOWN_BYTES) {
    if (load<u8>(known) === length && matches(start, known + KNOWN_TEXT, length)) return load<u8>(known, 1)
  }
  return 0
}

/** Whether a text is digits of a u64 and nothing else. */
function isU64(start: usize, length: u32): bool {
  if (length === 0) return false
  // What stands behind a text may be digits of another one.
  for (let at = start; at < start + length; at++) if (digitAt(at) > 9) return false
  return fitsU64(start, length)
}

function valueOf(start: usize, length: u32): u64 {
  let value: u64 = 0
  for (let at = start; at < start + length; at++) value = value * 10 + digitAt(at)
  return value
}
