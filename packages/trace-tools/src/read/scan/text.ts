// SPDX-License-Identifier: Apache-2.0

/**
 * What is returned instead of a place by functions that meet something that is
 * left to core's parser: an escape, damage, a wrong type.
 */
export const UNUSUAL = -1

// Characters are not shared between the files of this folder: V8 makes a
// constant of the same module part of the code, but loads and checks one of
// another module each time it is used, which for each byte is too often.
const TAB = 0x09
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const ZERO = 0x30
const NINE = 0x39
const BACKSLASH = 0x5c

/** Bytes that are taken at a time, as an integer: that takes hardly longer than a single one. */
const WORD_BYTES = 4

/** The highest bit of each byte of a word: arithmetic on whole words leaves its answers there. */
const HIGH_BITS = 0x80808080
const ONES = 0x01010101
const SPACES = SPACE * ONES
const QUOTES = QUOTE * ONES
const BACKSLASHES = BACKSLASH * ONES
const ZEROS = ZERO * ONES
/** Takes a byte above `9` to 0x80 or more. */
const BEYOND_NINES = (0x7f - NINE) * ONES

/** 1 for what cannot stand in a string as it is, or needs decoding: quote, backslash, control characters, non-ASCII. */
const special = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < SPACE || byte === QUOTE || byte === BACKSLASH || byte > 0x7f ? 1 : 0,
)

/**
 * The bytes of a block, up to their length. A word that begins before their
 * end may reach beyond it; what stands there has no influence.
 */
export class Text {
  readonly bytes: Buffer
  readonly view: DataView

  constructor(bytes: Uint8Array, length: number) {
    const padded = length + WORD_BYTES <= bytes.length ? bytes : withRoom(bytes)
    this.bytes = Buffer.from(padded.buffer, padded.byteOffset, padded.length)
    this.view = new DataView(padded.buffer, padded.byteOffset, padded.length)
  }

  /** The first place from here on that holds no blank. A line feed ends the row, so it counts as none. */
  skipBlanks(start: number): number {
    const { bytes } = this
    let at = start
    // Dynamo writes no blanks: mostly one comparison is enough.
    while ((bytes[at] ?? 0) <= SPACE && (bytes[at] === SPACE || bytes[at] === TAB || bytes[at] === CARRIAGE_RETURN)) at++
    return at
  }

  /** The first place from here on that holds no plain character of a string; a line feed is none. */
  skipPlain(start: number): number {
    const { bytes, view } = this
    let at = start
    while (isPlain(view.getInt32(at, true))) at += WORD_BYTES
    while (special[bytes[at] ?? 0] === 0) at++
    return at
  }

  /** The first place from here on that holds no digit. */
  skipDigits(start: number): number {
    const { bytes, view } = this
    let at = start
    while (areDigits(view.getInt32(at, true))) at += WORD_BYTES
    for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[at] ?? 0) at++
    return at
  }

  /** Whether this pattern stands here. */
  matches(start: number, { length, firstWord }: Pattern): boolean {
    const { view } = this
    const last = start + length - WORD_BYTES
    let word = firstWord
    for (let at = start; at < last; at += WORD_BYTES) {
      if (view.getInt32(at, true) !== patternWords[word]) return false
      word++
    }
    return view.getInt32(last, true) === patternWords[word]
  }
}

function withRoom(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.length + WORD_BYTES)
  larger.set(bytes)
  return larger
}

/**
 * Whether all bytes of a word are plain. Subtraction sets the highest bit of a
 * byte that is less than what is subtracted; equal ones are zero after xor, and
 * so less than one. What it borrows reaches only bytes above one that is not
 * plain.
 */
function isPlain(word: number): boolean {
  return ((word | (word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES)) & HIGH_BITS) === 0
}

/** Whether all bytes of a word are digits. */
export function areDigits(word: number): boolean {
  return ((word | (word - ZEROS) | (word + BEYOND_NINES)) & HIGH_BITS) === 0
}

/** The number that four digits stand for: two sums of neighbours at once, and then the sum of those. */
export function valueOfDigits(word: number): number {
  const digits = word - ZEROS
  const pairs = (digits * 10 + (digits >>> 8)) & 0x00ff00ff
  return (pairs & 0xff) * 100 + (pairs >>> 16)
}

/** A text to compare with. */
export interface Pattern {
  readonly length: number
  /** Where its words stand among those of all patterns. */
  readonly firstWord: number
}

/**
 * The words of all patterns: of one array V8 makes the place in memory part of
 * the code, while of an array for each pattern it would have to find it out.
 */
const patternWords = new Int32Array(1024)
let patternWordCount = 0

/**
 * Makes a pattern, to be kept: there is room for some hundred of them.
 *
 * @param text Of four bytes at least.
 */
export function patternOf(text: string): Pattern {
  const bytes = new TextEncoder().encode(text)
  const view = new DataView(bytes.buffer)
  const { length } = bytes
  const firstWord = patternWordCount
  patternWordCount += Math.ceil(length / WORD_BYTES)
  if (patternWordCount > patternWords.length) throw new RangeError('too many patterns')
  for (let word = firstWord; word < patternWordCount; word++) {
    // The last word ends where the text ends, so it may overlap the one before.
    const at = Math.min((word - firstWord) * WORD_BYTES, length - WORD_BYTES)
    patternWords[word] = view.getInt32(at, true)
  }
  return { length, firstWord }
}
