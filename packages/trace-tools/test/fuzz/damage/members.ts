// SPDX-License-Identifier: Apache-2.0
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import type { Random } from '../../../bench/generator/random.ts'
import { joinLines } from '../fuzz-case.ts'

/** One gzip member and the lines in it. */
export interface Member {
  readonly lines: readonly string[]
  readonly bytes: Buffer
}

/** Lines in one to six members, as a sink appends them. */
export function compressLines(random: Random, lines: readonly string[]): Member[] {
  const members: Member[] = []
  const longest = Math.ceil(lines.length / random.between(1, 6))
  for (let start = 0; start < lines.length; start += longest) {
    const part = lines.slice(start, start + longest)
    members.push({ lines: part, bytes: compress(random, joinLines(part)) })
  }
  return members
}

/** A gzip member with any level, and now and then with every field that a header may have. */
export function compress(random: Random, bytes: Uint8Array): Buffer {
  const level = random.between(0, 9)
  return random.chance(0.8) ? gzipSync(bytes, { level }) : compressWithFullHeader(random, bytes, level)
}

/** RFC 1952, section 2.3: extra field, name, comment and the check sum of the header itself. */
function compressWithFullHeader(random: Random, bytes: Uint8Array, level: number): Buffer {
  const extra = Buffer.from('RA\u0004\u0000abcd', 'latin1')
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 0x08, random.chance(0.5) ? 0x1e : 0x1c, 1, 2, 3, 4, 0, 255]),
    Buffer.from([extra.length, 0]),
    extra,
    Buffer.from('trace.jsonl\0a comment\0'),
  ])
  const hasCheck = ((header[3] ?? 0) & 0x02) !== 0
  const check = Buffer.alloc(2)
  check.writeUInt16LE(crc32(header) & 0xffff)
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(bytes))
  trailer.writeUInt32LE(bytes.length, 4)
  return Buffer.concat([header, ...(hasCheck ? [check] : []), deflateRawSync(bytes, { level }), trailer])
}

/** A part of a compressed file, by bytes. */
export interface FilePart {
  readonly members: readonly Member[]
  readonly start: number
  readonly end: number
}

export function cutFile({ members, start, end }: FilePart): Buffer {
  return Buffer.concat(members.map((member) => member.bytes)).subarray(start, end)
}

/** The lines of the members that lie within a part as a whole. */
export function linesWithin({ members, start, end }: FilePart): string[] {
  let offset = 0
  return members.flatMap(({ bytes, lines }) => {
    const memberStart = offset
    offset += bytes.length
    return memberStart >= start && offset <= end ? lines : []
  })
}

export function sizeOf(members: readonly Member[]): number {
  return members.reduce((sum, member) => sum + member.bytes.length, 0)
}
