// SPDX-License-Identifier: Apache-2.0
import { claim, copyBytes } from '../output'
import { fitsVarint, putVarint, varintSize } from '../varint'

// Tags of DebugAnnotation's fields as they stand in a file; see schema.ts of src/write/perfetto.
const NAME_ID: u8 = 1 << 3
const FLAG: u8 = 2 << 3
const UNSIGNED: u8 = 3 << 3
const INTEGER: u8 = 4 << 3
const DOUBLE: u8 = (5 << 3) | 1
const TEXT: u8 = (6 << 3) | 2
/** The one that takes two bytes, the first one lowest: field 17. */
const STRING_ID: u16 = 0x0188

/** Bytes of the number of the name. */
const NAME_BYTES: u32 = 2

/**
 * Claims an annotation: what it is called, and a value of so many bytes.
 *
 * @param tag Of the field of the event, or of the dictionary, that it is; it takes one byte, and so does the name's number.
 * @returns Where the value is to be put.
 */
@inline
export function claimAnnotation(tag: u8, nameId: u8, size: u32): usize {
  const length = NAME_BYTES + size
  const at = claim(1 + varintSize(length) + length)
  store<u8>(at, tag)
  const name = putVarint(at + 1, length)
  store<u8>(name, NAME_ID)
  store<u8>(name, nameId, 1)
  return name + NAME_BYTES
}

/** Rows are read loosely, so a count may come with a fraction. */
export function putInteger(tag: u8, nameId: u8, value: f64): void {
  if (!fitsVarint(value)) {
    putReal(tag, nameId, value)
    return
  }
  const integer = <u64>value
  const at = claimAnnotation(tag, nameId, 1 + varintSize(integer))
  store<u8>(at, INTEGER)
  putVarint(at + 1, integer)
}

export function putReal(tag: u8, nameId: u8, value: f64): void {
  const at = claimAnnotation(tag, nameId, 9)
  store<u8>(at, DOUBLE)
  store<f64>(at, value, 1)
}

export function putUnsigned(tag: u8, nameId: u8, value: u64): void {
  const at = claimAnnotation(tag, nameId, 1 + varintSize(value))
  store<u8>(at, UNSIGNED)
  putVarint(at + 1, value)
}

export function putFlag(tag: u8, nameId: u8, value: bool): void {
  const at = claimAnnotation(tag, nameId, 2)
  store<u8>(at, FLAG)
  store<u8>(at, u8(value), 1)
}

/** @param stringId Number of a string that is written elsewhere. */
export function putStringId(tag: u8, nameId: u8, stringId: u32): void {
  const at = claimAnnotation(tag, nameId, 2 + varintSize(stringId))
  store<u16>(at, STRING_ID)
  putVarint(at + 2, stringId)
}

export function putText(tag: u8, nameId: u8, from: usize, size: u32): void {
  const at = claimAnnotation(tag, nameId, 1 + varintSize(size) + size)
  store<u8>(at, TEXT)
  copyBytes(putVarint(at + 1, size), from, size)
}
