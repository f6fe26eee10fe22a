// SPDX-License-Identifier: Apache-2.0
import { BYTES_BEHIND, LINE_FEED, type Block } from './block.ts'
import type { ByteSource, PassedLines } from './byte-source.ts'
import { isPayload } from './scan/payload.ts'

/** What an input consists of, in order. */
export type Stretch =
  | {
      readonly kind: 'block'
      readonly block: Block
      /** It is one line without a line end, nor does it end as a row does: the input was cut. */
      readonly torn: boolean
    }
  /** One line that is not kept. */
  | {
      readonly kind: 'passed-over'
      readonly as: 'payload' | 'too-long'
      readonly torn: boolean
    }

export interface ReadBlocksOptions {
  /** Size of a block where lines are not longer. */
  readonly blockBytes: number
  /** Longest line that is read, in bytes with its line end. */
  readonly maxLineBytes: number
  /** Gives memory for a block, used before or not. */
  readonly takeBuffer: (bytes: number) => Uint8Array
  /** Told the text up to the first place where a block may end. */
  readonly onBeginning?: (text: Uint8Array) => void
  /** Whether whoever takes a block should read it. @defaultValue never */
  readonly leavesUnread?: () => boolean
}

const CLOSING_BRACE = 0x7d

/**
 * Cuts a text into blocks at its line ends. A line longer than a block gets a
 * block of its own, but for a payload row, which may be of many megabytes and
 * is not kept. Where blocks begin and end depends on nothing but the bytes.
 */
export async function* readBlocks(
  source: ByteSource,
  { blockBytes, maxLineBytes, takeBuffer, onBeginning, leavesUnread = () => false }: ReadBlocksOptions,
): AsyncGenerator<Stretch, void, undefined> {
  const bufferFor = (bytes: number): Uint8Array =>
    bytes <= blockBytes ? takeBuffer(blockBytes + BYTES_BEHIND) : new Uint8Array(bytes + BYTES_BEHIND)
  const passLines = (back: number): PassedLines | undefined =>
    leavesUnread() ? source.passLines?.(back, blockBytes) : undefined

  let text = await fill(source, bufferFor(blockBytes), 0)
  onBeginning?.(text.bytes.subarray(0, text.length))
  let start = startsWithByteOrderMark(text) ? 3 : 0

  while (!text.isLast) {
    const { bytes, length } = text
    const end = lastLineEnd(text)
    if (end > start) {
      const kept = length - end
      let passed = passLines(kept)
      if (passed !== undefined) {
        yield { kind: 'block', block: { bytes, start, end }, torn: false }
        for (; passed !== undefined; passed = passLines(0)) {
          const { length: passedEnd, ...unread } = passed
          yield { kind: 'block', block: { bytes: bufferFor(blockBytes), start: 0, end: passedEnd, unread }, torn: false }
        }
        text = await fill(source, bufferFor(blockBytes), 0)
        start = 0
        continue
      }
      // The rest of a block that was larger may be too much for an ordinary one.
      const next = bufferFor(kept < blockBytes ? blockBytes : kept + blockBytes)
      next.set(bytes.subarray(end, length))
      // From here on the memory of the block belongs to whoever takes it, and may be gone to another thread.
      yield { kind: 'block', block: { bytes, start, end }, torn: false }
      text = await fill(source, next, kept)
      start = 0
      continue
    }
    const isPayloadRow = isPayload(asBuffer(bytes.subarray(start)))
    if (!isPayloadRow && length < maxLineBytes) {
      const larger = bufferFor(Math.min(length * 2, maxLineBytes))
      larger.set(bytes)
      text = await fill(source, larger, length)
      continue
    }
    const { torn, next, kept } = await passOver(source, text, bufferFor(blockBytes))
    yield { kind: 'passed-over', as: isPayloadRow ? 'payload' : 'too-long', torn: torn && isPayloadRow }
    text = await fill(source, next, kept)
    start = 0
  }

  const end = lastLineEnd(text)
  // Not slice(): of a Buffer, which these bytes may be, that makes a view, and the memory goes with the block.
  const rest = new Uint8Array(text.bytes.subarray(Math.max(start, end), text.length))
  if (end > start) yield { kind: 'block', block: { bytes: text.bytes, start, end }, torn: false }
  if (rest.length > 0) {
    const line = new Uint8Array(rest.length + 1 + BYTES_BEHIND)
    line.set(rest)
    line[rest.length] = LINE_FEED
    const torn = rest[rest.length - 1] !== CLOSING_BRACE
    yield { kind: 'block', block: { bytes: line, start: 0, end: rest.length + 1 }, torn }
  }
}

/** A buffer that is full, or has all that there was left. */
interface Text {
  readonly bytes: Uint8Array
  readonly length: number
  readonly isLast: boolean
}

/** Reads behind what is kept at the beginning of a buffer. */
async function fill(source: ByteSource, bytes: Uint8Array, kept: number): Promise<Text> {
  const room = bytes.length - BYTES_BEHIND
  let length = kept
  while (length < room) {
    const read = await source.read(bytes.subarray(length, room))
    if (read === 0) break
    length += read
  }
  return { bytes, length, isLast: length < room }
}

/** Reads to the end of a line that has begun in `text`; what follows it stands at the beginning of `next` then. */
async function passOver(source: ByteSource, { bytes, length }: Text, next: Uint8Array) {
  const room = next.subarray(0, next.length - BYTES_BEHIND)
  let last = bytes[length - 1]
  for (let read = await source.read(room); read > 0; read = await source.read(room)) {
    const end = lineEnd(room.subarray(0, read))
    if (end > 0) {
      room.copyWithin(0, end, read)
      return { torn: false, next, kept: read - end }
    }
    last = room[read - 1]
  }
  return { torn: last !== CLOSING_BRACE, next, kept: 0 }
}

/** The place behind the first line feed; 0 where there is none. */
function lineEnd(bytes: Uint8Array): number {
  return asBuffer(bytes).indexOf(LINE_FEED) + 1
}

/** The place behind the last line feed; 0 where there is none. */
function lastLineEnd({ bytes, length }: Text): number {
  return asBuffer(bytes.subarray(0, length)).lastIndexOf(LINE_FEED) + 1
}

/** Searches bytes many times faster than a Uint8Array does. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

function startsWithByteOrderMark({ bytes, length }: Text): boolean {
  return length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
