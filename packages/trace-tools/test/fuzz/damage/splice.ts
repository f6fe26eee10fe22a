// SPDX-License-Identifier: Apache-2.0
import { joinLines, type FuzzCase } from '../fuzz-case.ts'

/** A part of a text, by bytes. */
export interface TextPart {
  readonly lines: readonly string[]
  readonly start: number
  readonly end: number
}

/** One part of a text behind a part of the same or another one. What is left of two lines at the seam becomes one line. */
export function spliceText(head: TextPart, tail: TextPart): FuzzCase {
  const headIntact = wholeLines(head)
  const tailIntact = wholeLines(tail)
  const seamIsLineEnd = head.end === head.start || lineOffsets(head.lines).includes(head.end)
  const firstTailLineIsJoined = !seamIsLineEnd && lineOffsets(tail.lines).includes(tail.start)
  return {
    bytes: Buffer.concat([cut(head), cut(tail)]),
    intact: [...headIntact, ...tailIntact.slice(firstTailLineIsJoined ? 1 : 0)],
  }
}

/** A part of a text alone; its last line may lack its end. */
export function cutText(part: TextPart): FuzzCase {
  const ends = lineOffsets(part.lines).map((offset) => offset - 1)
  const withLastLine = ends.includes(part.end) ? { ...part, end: part.end + 1 } : part
  return { bytes: cut(part), intact: wholeLines(withLastLine) }
}

function cut({ lines, start, end }: TextPart): Buffer {
  return joinLines(lines).subarray(start, end)
}

function wholeLines({ lines, start, end }: TextPart): string[] {
  const offsets = lineOffsets(lines)
  return lines.filter((_, index) => (offsets[index] ?? 0) >= start && (offsets[index + 1] ?? Infinity) <= end)
}

/** Where each line begins in the file, and where the file ends. */
export function lineOffsets(lines: readonly string[]): number[] {
  let offset = 0
  return [0, ...lines.map((line) => (offset += Buffer.byteLength(line) + 1))]
}
