// SPDX-License-Identifier: Apache-2.0

/** Letters of one token at most: with it English prose and code come to about four characters a token. */
const MAX_LETTERS = 9
const MAX_DIGITS = 3
const MAX_PUNCTUATION = 3
const MAX_SPACES = 32
const MAX_NEWLINES = 8

const lessThan = 60
const marker = /<\|\/?[a-z_]{1,20}\|>/y

const letter = 1
const digit = 2
const space = 3
const newline = 4
const punctuation = 5
/** Ideographs, syllables and emoji, one token each. */
const wide = 6

/** The kind of every UTF-16 code unit. */
const kinds = Uint8Array.from({ length: 0x10000 }, (_, code) => {
  if (code >= 128) return code < 0x2e80 ? letter : wide
  const character = String.fromCharCode(code)
  if (/[A-Za-z]/.test(character)) return letter
  if (/\d/.test(character)) return digit
  if (/[ \t]/.test(character)) return space
  return /[\r\n]/.test(character) ? newline : punctuation
})

/**
 * How many tokens a text has, to a good approximation: the cuts are those of
 * the pattern that BPE tokenizers split by before they merge (a word with the
 * space before it, three digits, a run of punctuation, indentation), without
 * any vocabulary. English prose and code come out within a fifth of what real
 * tokenizers count; no single text is counted exactly.
 */
export function countTokens(text: string): number {
  let count = 0
  for (let start = 0; start < text.length; start = tokenEnd(text, start)) count++
  return count
}

/**
 * The tokens of a text as 32-bit numbers that depend on their characters
 * alone. Cutting goes from left to right and looks one token ahead at most,
 * so text appended after a token boundary changes no token before it.
 */
export function tokenize(text: string): Uint32Array {
  const tokens = new Uint32Array(text.length)
  let count = 0
  for (let start = 0; start < text.length; ) {
    const end = tokenEnd(text, start)
    tokens[count++] = hashCharacters(text, start, end)
    start = end
  }
  return tokens.subarray(0, count)
}

/** The first `count` tokens of a text, as text. */
export function truncateToTokens(text: string, count: number): string {
  let end = 0
  for (let taken = 0; taken < count && end < text.length; taken++) end = tokenEnd(text, end)
  return text.slice(0, end)
}

/** Where the token ends that starts at `start`, which must lie inside the text. */
function tokenEnd(text: string, start: number): number {
  switch (kindAt(text, start)) {
    case letter:
      return wordEnd(text, start)
    case digit:
      return runEnd(text, start, { kind: digit, most: MAX_DIGITS })
    case newline:
      return runEnd(text, start, { kind: newline, most: MAX_NEWLINES })
    case space:
      return spaceEnd(text, start)
    case punctuation:
      return punctuationEnd(text, start)
    default:
      return start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1)
  }
}

/** 0 behind the end. */
function kindAt(text: string, index: number): number {
  return index < text.length ? (kinds[text.charCodeAt(index)] ?? 0) : 0
}

function runEnd(text: string, start: number, run: { kind: number; most: number }): number {
  let end = start + 1
  while (end - start < run.most && kindAt(text, end) === run.kind) end++
  return end
}

/** A word ends where camel case starts the next one. */
function wordEnd(text: string, start: number): number {
  let end = start + 1
  while (end - start < MAX_LETTERS && kindAt(text, end) === letter) {
    if (isUpper(text.charCodeAt(end)) && !isUpper(text.charCodeAt(end - 1))) break
    end++
  }
  return end
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90
}

/** The last space of a run belongs to the word or the punctuation after it. */
function spaceEnd(text: string, start: number): number {
  const end = runEnd(text, start, { kind: space, most: MAX_SPACES })
  const next = kindAt(text, end)
  const joins = next === letter || (next === punctuation && text.charCodeAt(end) !== lessThan)
  if (!joins) return end
  if (end - start > 1) return end - 1
  return next === letter ? wordEnd(text, end) : punctuationEnd(text, end)
}

/** `<` always starts a token, because it may start a marker of the chat template such as `<|end|>`: one token. */
function punctuationEnd(text: string, start: number): number {
  marker.lastIndex = start
  if (text.charCodeAt(start) === lessThan && marker.test(text)) return marker.lastIndex
  let end = start + 1
  while (end - start < MAX_PUNCTUATION && kindAt(text, end) === punctuation && text.charCodeAt(end) !== lessThan) end++
  return end
}

/** 32-bit FNV-1a over UTF-16 code units. */
function hashCharacters(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
