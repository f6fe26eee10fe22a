// SPDX-License-Identifier: Apache-2.0
import { findMember, hasGzipMagic } from './gzip-member.ts'
import { isMember } from './gzip-reader.ts'
import { isArchive } from './look.ts'

/** Enough to tell text from other bytes, and what kind of archive it is. */
export const HEAD_BYTES = 512

/** Members are smaller than this as a rule: behind a damaged one that is larger there hardly is another one. */
const SEARCHED_BYTES = 4 * 1024 * 1024

/** Bytes look like the header of a member once in 16 MiB by chance; where they do so all the time, they are none. */
const TRIED_HEADERS = 100

/** What a row begins with, and compressed data do not contain by chance. */
const ROW = /\{\s*"[a-z]{5}/

/** The beginning of an input, and what it says about the rest. */
export interface Beginning {
  readonly bytes: Uint8Array
  readonly isGzip: boolean
}

/** Whether gzip data begin with these bytes, or may have begun with others before these were damaged. */
export function mayBeGzip(head: Uint8Array): boolean {
  return hasGzipMagic(head) || isDamage(head)
}

/**
 * Reads as much of an input as has to be known to tell gzip data: a few bytes,
 * and where those are damaged, all up to the first member that is not.
 */
export async function readBeginning(source: AsyncIterator<Uint8Array>): Promise<Beginning> {
  let bytes = await readTo(source, Buffer.alloc(0), HEAD_BYTES)
  if (!isDamage(bytes)) return { bytes, isGzip: hasGzipMagic(bytes) }
  let searched = 0
  for (;;) {
    const found = await search(bytes, Math.max(0, searched - HEAD_BYTES))
    searched = bytes.length
    if (found === undefined && searched < SEARCHED_BYTES) bytes = await readTo(source, bytes, 2 * searched)
    if (bytes.length === searched) return { bytes, isGzip: found === 'member' }
  }
}

/** Reads on until there are as many bytes at least, or no more: a pipe may give them one by one. */
async function readTo(source: AsyncIterator<Uint8Array>, bytes: Buffer, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [bytes]
  for (let read = bytes.length; read < length; ) {
    const next = await source.next()
    if (next.done === true) break
    pieces.push(next.value)
    read += next.value.length
  }
  return Buffer.concat(pieces)
}

/** In an archive, compressed traces are whole files with names, which have to be unpacked. */
function isDamage(head: Uint8Array): boolean {
  return !hasGzipMagic(head) && !isText(head) && !isArchive(head)
}

function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false
  try {
    // The last character may be cut.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}

/** What comes first behind bytes that are damaged: a row, if it is plain text, or a gzip member. */
async function search(bytes: Buffer, from: number): Promise<'row' | 'member' | undefined> {
  const row = bytes.toString('latin1', from).search(ROW)
  const end = row === -1 ? bytes.length : from + row
  let start = findMember(bytes, from)
  for (let tried = 0; start < end && tried < TRIED_HEADERS; tried++) {
    if (await isMember(bytes.subarray(start))) return 'member'
    start = findMember(bytes, start + 1)
  }
  return row === -1 ? undefined : 'row'
}
