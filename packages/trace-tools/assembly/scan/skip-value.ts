// SPDX-License-Identifier: Apache-2.0
import { matches, skipBlanks, skipDigits, skipPlain } from '../text'
import { UNUSUAL } from './unusual'

const SPACE: u8 = 0x20
const QUOTE: u8 = 0x22
const PLUS: u8 = 0x2b
const COMMA: u8 = 0x2c
const MINUS: u8 = 0x2d
const DOT: u8 = 0x2e
const SLASH: u8 = 0x2f
const ZERO: u8 = 0x30
const COLON: u8 = 0x3a
const UPPER_E: u8 = 0x45
const OPENING_BRACKET: u8 = 0x5b
const BACKSLASH: u8 = 0x5c
const CLOSING_BRACKET: u8 = 0x5d
const LOWER_B: u8 = 0x62
const LOWER_E: u8 = 0x65
const LOWER_F: u8 = 0x66
const LOWER_N: u8 = 0x6e
const LOWER_R: u8 = 0x72
const LOWER_T: u8 = 0x74
const LOWER_U: u8 = 0x75
const OPENING_BRACE: u8 = 0x7b
const CLOSING_BRACE: u8 = 0x7d

/** Containers inside of each other, one bit each of a word. */
const MAX_DEPTH: i32 = 63

/** Digits that a double always holds. */
const EXACT_DIGITS: usize = 15

/** `"event_type"` */
const eventTypeKey = memory.data<u8>([0x22, 0x65, 0x76, 0x65, 0x6e, 0x74, 0x5f, 0x74, 0x79, 0x70, 0x65, 0x22, 0, 0, 0, 0])
const EVENT_TYPE_KEY_BYTES: i32 = 12

// Literals, the first byte lowest.
const NULL: u32 = 0x6c6c756e
const TRUE: u32 = 0x65757274
const ALSE: u32 = 0x65736c61

/**
 * Finds the end of a value of which nothing is wanted, and checks on the way
 * that it is JSON. Containers are followed in a loop, with one bit for each
 * that is open, so that no nesting can exhaust the stack.
 *
 * @param exactIntegers Give up at an integer that a double might not hold.
 * @returns The place behind it; UNUSUAL where it is no JSON, nested deeply, or
 * has an `event_type` inside, which for core's parser may mark a payload row.
 */
export function skipValue(start: usize, exactIntegers: bool): usize {
  let at = start
  let depth = 0
  /** Bits of the open containers, the innermost lowest: 1 for an object. */
  let objects: u64 = 0
  while (true) {
    const first = load<u8>(at)
    if (first === OPENING_BRACE || first === OPENING_BRACKET) {
      const isObject = first === OPENING_BRACE
      at++
      if (load<u8>(at) !== (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) {
        if (++depth > MAX_DEPTH) return UNUSUAL
        objects = (objects << 1) | u64(isObject)
        if (isObject) at = skipKey(at)
        if (at === UNUSUAL) return UNUSUAL
        continue
      }
      at++
    } else {
      at = skipScalar(at, exactIntegers)
      if (at === UNUSUAL) return UNUSUAL
    }

    // Behind a value: what follows belongs to the container around it.
    while (true) {
      if (depth === 0) return at
      const isObject = (objects & 1) === 1
      const byte = load<u8>(at)
      at++
      if (byte === COMMA) {
        at = skipBlanks(at)
        if (isObject) at = skipKey(at)
        if (at === UNUSUAL) return UNUSUAL
        break
      }
      if (byte !== (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) return UNUSUAL
      depth--
      objects >>= 1
    }
  }
}

/** Skips a key and its value. */
export function skipMember(start: usize): usize {
  const value = skipKey(start)
  return value === UNUSUAL ? UNUSUAL : skipValue(value, false)
}

/**
 * A key with an escape might be a known one, so it is not followed.
 *
 * @returns The place of the value behind the key.
 */
function skipKey(start: usize): usize {
  if (load<u8>(start) !== QUOTE || matches(start, eventTypeKey, EVENT_TYPE_KEY_BYTES)) return UNUSUAL
  const end = skipPlain(start + 1)
  return load<u8>(end) === QUOTE && load<u8>(end, 1) === COLON ? skipBlanks(end + 2) : UNUSUAL
}

function skipScalar(start: usize, exactIntegers: bool): usize {
  switch (load<u8>(start)) {
    case QUOTE:
      return skipString(start + 1)
    case LOWER_N:
      return load<u32>(start) === NULL ? start + 4 : UNUSUAL
    case LOWER_T:
      return load<u32>(start) === TRUE ? start + 4 : UNUSUAL
    case LOWER_F:
      return load<u32>(start, 1) === ALSE ? start + 5 : UNUSUAL
    default:
      return skipNumber(start, exactIntegers)
  }
}

/** @param start Behind the opening quote. */
function skipString(start: usize): usize {
  let at = start
  while (true) {
    at = skipPlain(at)
    const byte = load<u8>(at)
    if (byte === QUOTE) return at + 1
    if (byte === BACKSLASH) {
      at = skipEscape(at + 1)
      if (at === UNUSUAL) return UNUSUAL
    } else if (byte < SPACE) {
      return UNUSUAL
    } else {
      at++
    }
  }
}

function skipEscape(at: usize): usize {
  const byte = load<u8>(at)
  if (byte !== LOWER_U) return isSimpleEscape(byte) ? at + 1 : UNUSUAL
  for (let digit: usize = 1; digit <= 4; digit++) if (!isHexDigit(load<u8>(at + digit))) return UNUSUAL
  return at + 5
}

function isSimpleEscape(byte: u8): bool {
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
    case SLASH:
    case LOWER_B:
    case LOWER_F:
    case LOWER_N:
    case LOWER_R:
    case LOWER_T:
      return true
    default:
      return false
  }
}

function isHexDigit(byte: u8): bool {
  const letter = (byte | 0x20) - 0x61
  return byte - ZERO <= 9 || letter <= 5
}

function skipNumber(start: usize, exactIntegers: bool): usize {
  const first = load<u8>(start) === MINUS ? start + 1 : start
  let at = skipDigits(first)
  if (at === first || (load<u8>(first) === ZERO && at > first + 1)) return UNUSUAL
  if (exactIntegers && at - first > EXACT_DIGITS) return UNUSUAL
  if (load<u8>(at) === DOT) {
    const fraction = at + 1
    at = skipDigits(fraction)
    if (at === fraction) return UNUSUAL
  }
  if (load<u8>(at) === LOWER_E || load<u8>(at) === UPPER_E) {
    const sign = load<u8>(at, 1)
    const exponent = sign === PLUS || sign === MINUS ? at + 2 : at + 1
    at = skipDigits(exponent)
    if (at === exponent) return UNUSUAL
  }
  return at
}
