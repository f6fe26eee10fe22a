// SPDX-License-Identifier: Apache-2.0
import { HASHES } from '../row-layout'
import { setText } from './columns'
import { skipBlanks, skipManyDigits, UNUSUAL } from './text'

const COMMA: u8 = 0x2c
const ZERO: u8 = 0x30
const OPENING_BRACKET: u8 = 0x5b
const CLOSING_BRACKET: u8 = 0x5d

const U64_DIGITS: usize = 20
/** `18446744`, `07370955` and `1615`, the first digit highest. */
const U64_FIRST: u64 = 0x3138343436373434
const U64_SECOND: u64 = 0x3037333730393535
const U64_LAST: u32 = 0x31363135

/** Reads a u64 as its digits, which no double could hold. */
export function readU64(start: usize, column: i32): usize {
  const end = skipU64(start)
  if (end !== UNUSUAL) setText(column, start, end)
  return end
}

/**
 * Takes a row's hashes as they stand between the brackets. Each is checked to
 * be a u64, so that whoever decodes them later finds nothing else.
 */
export function readHashes(start: usize): usize {
  if (load<u8>(start) !== OPENING_BRACKET) return UNUSUAL
  let at = start + 1
  if (load<u8>(at) !== CLOSING_BRACKET) {
    at = start
    do {
      at = skipU64(skipBlanks(at + 1))
      if (at === UNUSUAL) return UNUSUAL
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
  return digits < U64_DIGITS || (digits === U64_DIGITS && !exceedsU64(start)) ? at : UNUSUAL
}

/** Whether 20 digits are more than the largest u64, 18446744073709551615: as texts of one length they compare like numbers. */
function exceedsU64(start: usize): bool {
  const first = bswap(load<u64>(start))
  if (first !== U64_FIRST) return first > U64_FIRST
  const second = bswap(load<u64>(start, 8))
  if (second !== U64_SECOND) return second > U64_SECOND
  return bswap(load<u32>(start, 16)) > U64_LAST
}
