// SPDX-License-Identifier: Apache-2.0
import { pickLines } from '../corpus.ts'
import { flipBytes, joinLines, pickIndex, shuffle, type Damage } from '../fuzz-case.ts'
import { createGarbage } from './garbage.ts'
import { cutText, lineOffsets, spliceText } from './splice.ts'
import { damageValue } from './values.ts'

const LINE_FEED = 0x0a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** What can happen to a file that is not compressed. */
export const textDamages = {
  'flipped bytes': (random, lines) => {
    const bytes = joinLines(lines)
    const places = flipBytes(random, bytes, random.between(1, 12))
    const offsets = lineOffsets(lines)
    // With its line feed, a line loses the next one too.
    const isTouched = (index: number): boolean =>
      places.some((at) => at >= (offsets[index] ?? 0) - 1 && at < (offsets[index + 1] ?? 0))
    return { bytes, intact: lines.filter((_, index) => !isTouched(index)) }
  },

  'a cut end': (random, lines) => {
    const size = joinLines(lines).length
    return cutText({ lines, start: 0, end: random.between(0, size) })
  },

  'a cut beginning': (random, lines) => {
    const size = joinLines(lines).length
    return cutText({ lines, start: random.between(0, size), end: size })
  },

  'a missing piece': (random, lines) => {
    const size = joinLines(lines).length
    const end = random.between(0, size)
    const start = Math.min(size, end + random.between(1, 3000))
    return spliceText({ lines, start: 0, end }, { lines, start, end: size })
  },

  'a piece of another file': (random, lines) => {
    const others = pickLines(random)
    const size = joinLines(others).length
    const end = random.between(0, joinLines(lines).length)
    return spliceText({ lines, start: 0, end }, { lines: others, start: random.between(0, size), end: size })
  },

  'lines in any order and twice': (random, lines) => {
    const shuffled = shuffle(random, [...lines, ...lines.filter(() => random.chance(0.3))])
    return { bytes: joinLines(shuffled), intact: lines }
  },

  'garbage lines': (random, lines) => {
    const pieces: Buffer[] = lines.map((line) => Buffer.from(line))
    for (let count = random.between(1, 6); count > 0; count--) {
      // Garbage that begins like gzip data would be taken for some at the beginning of a file.
      pieces.splice(random.between(1, pieces.length), 0, createGarbage(random))
    }
    return { bytes: Buffer.concat(pieces.flatMap((piece) => [piece, Buffer.of(LINE_FEED)])), intact: lines }
  },

  'other line ends': (random, lines) => {
    const ends = ['\n', '\r\n', '\n\n', '\n \t \n', '\r\n\r\n']
    const text = lines.map((line) => line + (ends[pickIndex(random, ends)] ?? '')).join('')
    const body = Buffer.from(random.chance(0.5) ? text : text.trimEnd())
    return { bytes: random.chance(0.5) ? Buffer.concat([BYTE_ORDER_MARK, body]) : body, intact: lines }
  },

  'other values': (random, lines) => {
    const damaged = [...lines]
    const touched = new Set<number>()
    for (let count = random.between(1, 8); count > 0; count--) {
      const index = pickIndex(random, lines)
      damaged[index] = damageValue(random, damaged[index] ?? '')
      touched.add(index)
    }
    return { bytes: joinLines(damaged), intact: lines.filter((_, index) => !touched.has(index)) }
  },
} satisfies Record<string, Damage>
