// SPDX-License-Identifier: Apache-2.0
import { LINE_FEED } from './block.ts'

/** Lines that became whole with one chunk of bytes. */
export interface LineBatch {
  /** Without their line ends; valid until the next batch is asked for. */
  readonly lines: readonly Uint8Array[]
  /** Number of the first of them, from 1. */
  readonly firstLine: number
  /** The only line here has no line end: the input is over. */
  readonly torn: boolean
}

export interface SplitLinesOptions {
  /**
   * Longest line that is kept, in bytes; a longer one comes as an empty line
   * and `onTooLong` is told its number.
   *
   * @defaultValue 256 MiB
   */
  readonly maxLineBytes?: number
  readonly onTooLong?: (line: number) => void
}

const CARRIAGE_RETURN = 0x0d

/**
 * Splits bytes into lines. CRLF ends a line too, and a byte order mark at the
 * beginning is no part of the first one.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  { maxLineBytes = 256 * 1024 * 1024, onTooLong = () => undefined }: SplitLinesOptions = {},
): AsyncGenerator<LineBatch, void, undefined> {
  let line = 1
  let pieces: Uint8Array[] = []
  let pendingBytes = 0
  let tooLong = false

  const keep = (piece: Uint8Array): void => {
    pendingBytes += piece.length
    tooLong ||= pendingBytes > maxLineBytes
    if (tooLong) pieces = []
    else if (piece.length > 0) pieces.push(piece)
  }
  const takeLine = (lineNumber: number): Uint8Array => {
    if (tooLong) onTooLong(lineNumber)
    const [only] = pieces
    const bytes = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
    pieces = []
    pendingBytes = 0
    tooLong = false
    return trimLine(bytes, lineNumber)
  }

  for await (const chunk of chunks) {
    const lines: Uint8Array[] = []
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, end))
      lines.push(takeLine(line + lines.length))
      start = end + 1
    }
    if (start < chunk.length) keep(chunk.subarray(start))
    if (lines.length > 0) yield { lines, firstLine: line, torn: false }
    line += lines.length
  }
  if (pendingBytes > 0) yield { lines: [takeLine(line)], firstLine: line, torn: true }
}

function trimLine(bytes: Uint8Array, line: number): Uint8Array {
  const start = line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const end = bytes[bytes.length - 1] === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length
  return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end)
}
