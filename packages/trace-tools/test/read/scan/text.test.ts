// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { patternOf, Text } from '../../../src/read/scan/text.ts'

const every = Array.from({ length: 256 }, (_, byte) => byte)

/** A byte among others, at each of the places that it can have in a word. */
function surrounded(byte: number, by: string): { text: Text; at: number }[] {
  return every.slice(0, 9).map((at) => {
    const bytes = Buffer.from(`${by.repeat(12)}\n`)
    bytes[at] = byte
    return { text: new Text(bytes, bytes.length), at }
  })
}

describe('plain characters', () => {
  it.each([' ', 'a', '~', '#', '!', '[', ']'])('are all of ASCII but quotes, backslashes and control characters, among %j', (by) => {
    const plain = every.filter((byte) => surrounded(byte, by).every(({ text }) => text.skipPlain(0) === 12))
    const stopped = every.filter((byte) => surrounded(byte, by).every(({ text, at }) => text.skipPlain(0) === at))
    expect(stopped).toEqual(every.filter((byte) => byte < 0x20 || byte > 0x7f || byte === 0x22 || byte === 0x5c))
    expect(plain).toEqual(every.filter((byte) => !stopped.includes(byte)))
  })
})

describe('digits', () => {
  it.each(['0', '9', '5'])('are told from all other bytes, among %j', (by) => {
    const digits = every.filter((byte) => surrounded(byte, by).every(({ text }) => text.skipDigits(0) === 12))
    const stopped = every.filter((byte) => surrounded(byte, by).every(({ text, at }) => text.skipDigits(0) === at))
    expect(String.fromCharCode(...digits)).toBe('0123456789')
    expect(stopped).toHaveLength(246)
  })
})

describe('a pattern', () => {
  it.each(['abcd', 'abcde', 'abcdefg', 'abcdefgh', 'abcdefghijk'])('of this length is compared to its last byte: %s', (word) => {
    const text = (line: string): Text => new Text(Buffer.from(line), line.length)
    expect(text(`  ${word}\n`).matches(2, patternOf(word))).toBe(true)
    for (let at = 0; at < word.length; at++) {
      expect(text(`  ${word.slice(0, at)}?${word.slice(at + 1)}\n`).matches(2, patternOf(word))).toBe(false)
      expect(text(`  ${word.slice(0, at)}\n`).matches(2, patternOf(word))).toBe(false)
    }
  })
})
