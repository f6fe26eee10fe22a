// SPDX-License-Identifier: Apache-2.0
import { HASHES } from '../row-layout'
import { skipBlanks, skipManyDigits } from '../text'
import { fitsU64 } from '../u64'
import { addBlock } from './block-hashes'
import { setText } from './columns'
import { UNUSUAL } from './unusual'

const COMMA: u8 = 0x2c
const ZERO: u8 = 0x30
const OPENING_BRACKET: u8 = 0x5b
const CLOSING_BRACKET: u8 = 0x5d

/** Reads a u64 as its digits, which no double could hold. */
export function readU64(start: usize, column: i32): usize {
  const end = skipU64(start)
  if (end !== UNUSUAL) setText(column, start, end)
  return end
}

/**
 * Takes the hashes of a row's KV blocks as they stand between the brackets.
 * Each is checked to be a u64, so that whoever decodes them later finds nothing else.
 */
export function readHashes(start: usize): usize {
  if (load<u8>(start) !== OPENING_BRACKET) return UNUSUAL
  let at = start + 1
  if (load<u8>(at) !== CLOSING_BRACKET) {
    at = start
    do {
      const hash = skipBlanks(at + 1)
      at = skipU64(hash)
      if (at === UNUSUAL) return UNUSUAL
      addBlock(hash, at)
    } while (load<u8>(at) === COMMA)
    if (load<u8>(at) !== CLOSING_BRACKET) return UNUSUAL
  }
  setText(HASHES, start + 1, at)
  return at + 1
}

function skipU64(start: usize): usize {
  const at = skipManyDigits(start)
  const digits = at - start
  if (digits === 0 || (load<u8>(start) === ZERO && digits > 1)) return UNUSUAL
  return fitsU64(start, digits) ? at : UNUSUAL
}
