// SPDX-License-Identifier: Apache-2.0
import { constants, gunzipSync } from 'node:zlib'
import { pickLines } from '../corpus.ts'
import { flipBytes, joinLines, pickIndex, randomBytes, shuffle, type Damage } from '../fuzz-case.ts'
import { createGarbage } from './garbage.ts'
import { compress, compressLines, cutFile, linesWithin, sizeOf, type FilePart } from './members.ts'

const LINE_FEED = 0x0a

/** What tells gzip data at once: but for one kind of damage it stays as it is. */
const MAGIC_BYTES = 2

/** What can happen to a compressed file. */
export const gzipDamages = {
  'members of any form': (random, lines) => {
    const text = joinLines(lines)
    const pieces: Buffer[] = []
    for (let start = 0; start < text.length; ) {
      const cut = Math.min(text.length, start + random.between(1, 8000))
      const end = random.chance(0.5) ? cut : text.indexOf(LINE_FEED, cut - 1) + 1
      // A line may go on in the next member, a member may be empty, and zeros between whole lines are padding.
      pieces.push(compress(random, text.subarray(start, end)))
      if (random.chance(0.2)) pieces.push(compress(random, Buffer.alloc(0)))
      if (random.chance(0.3) && text[end - 1] === LINE_FEED) pieces.push(Buffer.alloc(random.between(1, 600)))
      start = end
    }
    return { bytes: Buffer.concat(pieces), intact: lines }
  },

  'a torn end': (random, lines) => {
    const members = compressLines(random, lines)
    const end = random.between(MAGIC_BYTES, sizeOf(members))
    const bytes = cutFile({ members, start: 0, end })
    // All that zlib can make of it, and of that every whole line, be it without its end.
    const found = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString().split('\n')
    return { bytes, intact: lines.filter((line, index) => found[index] === line) }
  },

  'a cut member': (random, lines) => {
    const members = compressLines(random, lines)
    const cutIndex = pickIndex(random, members)
    const parts = members.map(({ bytes }, index) =>
      index === cutIndex ? bytes.subarray(0, random.between(index === 0 ? MAGIC_BYTES : 0, bytes.length)) : bytes,
    )
    const intact = members.flatMap((member, index) => (index === cutIndex ? [] : member.lines))
    return { bytes: Buffer.concat(parts), intact }
  },

  'a damaged member': (random, lines) => {
    const members = compressLines(random, lines)
    const damagedIndex = pickIndex(random, members)
    const copies = members.map((member) => ({ ...member, bytes: Buffer.from(member.bytes) }))
    const damaged = copies[damagedIndex]?.bytes ?? Buffer.alloc(0)
    flipBytes(random, damaged.subarray(damagedIndex === 0 ? MAGIC_BYTES : 0), random.between(1, 6))
    const intact = copies.filter((_, index) => index !== damagedIndex).flatMap((member) => member.lines)
    return { bytes: Buffer.concat(copies.map((member) => member.bytes)), intact }
  },

  'garbage after members': (random, lines) => {
    const pieces = compressLines(random, lines).map((member) => member.bytes)
    for (let count = random.between(1, 3); count > 0; count--) {
      const garbage = random.chance(0.5) ? randomBytes(random, random.between(1, 400)) : createGarbage(random)
      pieces.splice(random.between(1, pieces.length), 0, garbage)
    }
    return { bytes: Buffer.concat(pieces), intact: lines }
  },

  'garbage before members': (random, lines) => {
    // Text before compressed data is told from it by nothing.
    const garbage = Buffer.concat([Buffer.of(0xff), randomBytes(random, random.between(0, 4000))])
    return { bytes: Buffer.concat([garbage, ...compressLines(random, lines).map(({ bytes }) => bytes)]), intact: lines }
  },

  'a missing piece': (random, lines) => {
    const members = compressLines(random, lines)
    const size = sizeOf(members)
    const end = random.between(MAGIC_BYTES, size)
    const head: FilePart = { members, start: 0, end }
    const tail: FilePart = { members, start: Math.min(size, end + random.between(1, 2000)), end: size }
    return { bytes: Buffer.concat([cutFile(head), cutFile(tail)]), intact: [...linesWithin(head), ...linesWithin(tail)] }
  },

  'a piece of another file': (random, lines) => {
    const members = compressLines(random, lines)
    const others = compressLines(random, pickLines(random))
    const head: FilePart = { members, start: 0, end: random.between(MAGIC_BYTES, sizeOf(members)) }
    const tail: FilePart = { members: others, start: random.between(0, sizeOf(others)), end: sizeOf(others) }
    return { bytes: Buffer.concat([cutFile(head), cutFile(tail)]), intact: [...linesWithin(head), ...linesWithin(tail)] }
  },

  'members in any order and twice': (random, lines) => {
    const members = compressLines(random, lines)
    const order = shuffle(random, [...members, ...members.filter(() => random.chance(0.4))])
    return { bytes: Buffer.concat(order.map((member) => member.bytes)), intact: lines }
  },

  'damage inside': (random, lines) => {
    const text = joinLines(lines)
    flipBytes(random, text, random.between(1, 300))
    const damaged = random.chance(0.5) ? text : compress(random, text)
    return { bytes: compress(random, damaged), intact: [] }
  },
} satisfies Record<string, Damage>
