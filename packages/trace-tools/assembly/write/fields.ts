// SPDX-License-Identifier: Apache-2.0
import { append, OVERSHOOT } from '../output'

/** Fields of events that are written again and again: their size, and then their bytes. At 0 there is nothing but zeroes. */
export type Fields = usize

export const NO_FIELDS: Fields = 0

const HEAD: usize = 4

/** Makes a place for fields, which the caller fills in behind the size; it stays as long as the instance does. */
export function keepFields(size: u32): Fields {
  // Copying reads some bytes more.
  const fields = heap.alloc(HEAD + size + OVERSHOOT)
  store<u32>(fields, size)
  return fields
}

@inline
export function sizeOf(fields: Fields): u32 {
  return load<u32>(fields)
}

/** Appends fields for which room was reserved. */
@inline
export function appendFields(fields: Fields): void {
  append(fields + HEAD, sizeOf(fields))
}
