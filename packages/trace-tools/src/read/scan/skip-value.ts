// SPDX-License-Identifier: Apache-2.0
import { patternOf, UNUSUAL, type Text } from './text.ts'

const SPACE = 0x20
const QUOTE = 0x22
const PLUS = 0x2b
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
const UPPER_E = 0x45
const OPENING_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSING_BRACKET = 0x5d
const LOWER_E = 0x65
const LOWER_F = 0x66
const LOWER_N = 0x6e
const LOWER_T = 0x74
const LOWER_U = 0x75
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/** Containers inside of each other, one bit each of a number that JavaScript shifts as 32 bits. */
const MAX_DEPTH = 30

/** Digits that a double always holds. */
const EXACT_DIGITS = 15

const eventTypeKey = patternOf('"event_type"')
export const nullText = patternOf('null')
export const trueText = patternOf('true')
export const falseText = patternOf('false')

export interface SkipOptions {
  /** Give up at an integer that a double might not hold. */
  readonly exactIntegers: boolean
}

/**
 * Finds the end of a value of which nothing is wanted, and checks on the way
 * that it is JSON. Containers are followed in a loop, with one bit for each
 * that is open, so that no nesting can exhaust the stack.
 *
 * @returns The place behind it; UNUSUAL where it is no JSON, nested deeply, or
 * has an `event_type` inside, which for core's parser may mark a payload row.
 */
export function skipValue(text: Text, start: number, { exactIntegers }: SkipOptions): number {
  const { bytes } = text
  let at = start
  let depth = 0
  /** Bits of the open containers, the innermost lowest: 1 for an object. */
  let objects = 0
  for (;;) {
    const first = bytes[at]
    if (first === OPENING_BRACE || first === OPENING_BRACKET) {
      const isObject = first === OPENING_BRACE
      at++
      if (bytes[at] !== (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) {
        if (++depth > MAX_DEPTH) return UNUSUAL
        objects = (objects << 1) | (isObject ? 1 : 0)
        if (isObject) at = skipKey(text, at)
        if (at < 0) return UNUSUAL
        continue
      }
      at++
    } else {
      at = skipScalar(text, at, exactIntegers)
      if (at < 0) return UNUSUAL
    }

    // Behind a value: what follows belongs to the container around it.
    for (;;) {
      if (depth === 0) return at
      const isObject = (objects & 1) === 1
      const byte = bytes[at]
      at++
      if (byte === COMMA) {
        at = text.skipBlanks(at)
        if (isObject) at = skipKey(text, at)
        if (at < 0) return UNUSUAL
        break
      }
      if (byte !== (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) return UNUSUAL
      depth--
      objects >>= 1
    }
  }
}

/** Skips a key and its value. */
export function skipMember(text: Text, start: number, options: SkipOptions): number {
  const value = skipKey(text, start)
  return value < 0 ? UNUSUAL : skipValue(text, value, options)
}

/**
 * A key with an escape might be a known one, so it is not followed.
 *
 * @returns The place of the value behind the key.
 */
function skipKey(text: Text, start: number): number {
  const { bytes } = text
  if (bytes[start] !== QUOTE || text.matches(start, eventTypeKey)) return UNUSUAL
  const end = text.skipPlain(start + 1)
  return bytes[end] === QUOTE && bytes[end + 1] === COLON ? text.skipBlanks(end + 2) : UNUSUAL
}

function skipScalar(text: Text, start: number, exactIntegers: boolean): number {
  switch (text.bytes[start]) {
    case QUOTE:
      return skipString(text, start + 1)
    case LOWER_N:
      return text.matches(start, nullText) ? start + nullText.length : UNUSUAL
    case LOWER_T:
      return text.matches(start, trueText) ? start + trueText.length : UNUSUAL
    case LOWER_F:
      return text.matches(start, falseText) ? start + falseText.length : UNUSUAL
    default:
      return skipNumber(text, start, exactIntegers)
  }
}

/** @param start Behind the opening quote. */
function skipString(text: Text, start: number): number {
  const { bytes } = text
  let at = start
  for (;;) {
    at = text.skipPlain(at)
    const byte = bytes[at] ?? 0
    if (byte === QUOTE) return at + 1
    if (byte === BACKSLASH) {
      at = skipEscape(bytes, at + 1)
      if (at < 0) return UNUSUAL
    } else if (byte < SPACE) {
      return UNUSUAL
    } else {
      at++
    }
  }
}

const hexDigits = Buffer.from('0123456789abcdefABCDEF')
const simpleEscapes = Buffer.from('"\\/bfnrt')

function skipEscape(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) return UNUSUAL
  if (byte !== LOWER_U) return simpleEscapes.includes(byte) ? at + 1 : UNUSUAL
  for (let digit = 1; digit <= 4; digit++) if (!isHexDigit(bytes[at + digit])) return UNUSUAL
  return at + 5
}

function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && hexDigits.includes(byte)
}

function skipNumber(text: Text, start: number, exactIntegers: boolean): number {
  const { bytes } = text
  const first = bytes[start] === MINUS ? start + 1 : start
  let at = text.skipDigits(first)
  if (at === first || (bytes[first] === ZERO && at > first + 1)) return UNUSUAL
  if (exactIntegers && at - first > EXACT_DIGITS) return UNUSUAL
  if (bytes[at] === DOT) {
    const fraction = at + 1
    at = text.skipDigits(fraction)
    if (at === fraction) return UNUSUAL
  }
  if (bytes[at] === LOWER_E || bytes[at] === UPPER_E) {
    const sign = bytes[at + 1]
    const exponent = sign === PLUS || sign === MINUS ? at + 2 : at + 1
    at = text.skipDigits(exponent)
    if (at === exponent) return UNUSUAL
  }
  return at
}
