// SPDX-License-Identifier: Apache-2.0

const SIMD_BYTES: usize = 16
const WORD_BYTES: i32 = 8

const TAB: u8 = 0x09
const CARRIAGE_RETURN: u8 = 0x0d
const SPACE: u8 = 0x20
const QUOTE: i8 = 0x22
const ZERO: u8 = 0x30
const BACKSLASH: i8 = 0x5c

/** The first place from here on that holds no blank. A line feed ends the row, so it counts as none. */
@inline
export function skipBlanks(start: usize): usize {
  let at = start
  // Dynamo writes no blanks: mostly one comparison is enough.
  while (load<u8>(at) <= SPACE && isBlank(load<u8>(at))) at++
  return at
}

function isBlank(byte: u8): bool {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN
}

/** The first place from here on that holds no plain ASCII character of a string: a quote, a backslash, a line feed. */
@inline
export function skipPlain(start: usize): usize {
  let at = start
  while (true) {
    const bytes = v128.load(at)
    // As signed bytes, all that are not ASCII are below a space.
    const special = v128.or(
      i8x16.lt_s(bytes, i8x16.splat(SPACE)),
      v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH))),
    )
    const mask = i8x16.bitmask(special)
    if (mask !== 0) return at + <usize>ctz(mask)
    at += SIMD_BYTES
  }
}

/** The value of a digit; 10 or more for any other byte. */
@inline
export function digitAt(at: usize): u32 {
  return <u32>load<u8>(at) - ZERO
}

/** The first place from here on that holds no digit. */
@inline
export function skipDigits(start: usize): usize {
  let at = start
  while (digitAt(at) <= 9) at++
  return at
}

/** As skipDigits, where many are expected. */
@inline
export function skipManyDigits(start: usize): usize {
  let at = start
  while (true) {
    const values = i8x16.sub(v128.load(at), i8x16.splat(ZERO))
    const mask = i8x16.bitmask(i8x16.gt_u(values, i8x16.splat(9)))
    if (mask !== 0) return at + <usize>ctz(mask)
    at += SIMD_BYTES
  }
}

/**
 * Whether so many bytes of a pattern stand here. Both may be read up to a word
 * beyond their ends.
 */
@inline
export function matches(at: usize, pattern: usize, length: i32): bool {
  let left = length
  let offset: usize = 0
  while (left >= WORD_BYTES) {
    if (load<u64>(at + offset) !== load<u64>(pattern + offset)) return false
    offset += WORD_BYTES
    left -= WORD_BYTES
  }
  // The bytes that do not belong to the pattern are the highest ones.
  return left === 0 || (load<u64>(at + offset) ^ load<u64>(pattern + offset)) << (<u64>(WORD_BYTES - left) << 3) === 0
}
