// SPDX-License-Identifier: Apache-2.0
import { matches, skipPlain } from '../text'
import { addCall, forgetCalls, setFinish } from './columns'
import { hashCall, high, low } from '../hash'
import { skipValue } from './skip-value'
import { UNUSUAL } from './unusual'

const QUOTE: u8 = 0x22

/** `"id":"`: quotes inside of a JSON string are escaped, so this stands before ids and nowhere else. */
const idKey = memory.data<u8>([0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0, 0, 0, 0, 0, 0, 0, 0])
const ID_KEY_BYTES: i32 = 6

/** Combinations of reasons and tool names are some hundreds; a damaged trace may have any number. */
const MAX_PIECES: i32 = 8192

/** Bytes behind a piece that may be read with it. */
const BYTES_BEHIND: usize = 8

/** Whether the ids in a text are those of its tool calls, which are as Dynamo writes them. */
@external('host', 'isRegularFinish')
export declare function isRegularFinish(start: usize, end: usize): bool

/** A piece of texts up to an id or to their end, and what has been seen to follow. */
@unmanaged
class Piece {
  at: usize
  length: i32
  /** Number of the texts that end here; 0 before an id. */
  shape: i32
  /** The first of those that follow. */
  following: Piece | null
  /** The next one that may stand in its place. */
  other: Piece | null
}

/** Stands before all texts. */
const root = createPiece(0, 0, 0)
let pieces: i32 = 0
let shapes: i32 = 0

/**
 * Reads `finish_reason_metadata` into the row that is filled; see skipValue for
 * what is returned. Almost all of its texts differ in the ids of tool calls
 * only, so one that is like another is found again as a path along the pieces
 * between the ids: that takes a fraction of the time of following the JSON, and
 * the ids are known on the way.
 */
export function readFinish(start: usize): usize {
  const known = findFinish(start)
  if (known !== 0) return known
  forgetCalls()
  const end = skipValue(start, true)
  if (end !== UNUSUAL) {
    setFinish(start, end, 0)
    if (pieces < MAX_PIECES && isRegularFinish(start, end)) learnFinish(start, end)
  }
  return end
}

/** @returns The place behind a text that is like another one; 0 for any other. */
function findFinish(start: usize): usize {
  let before = root
  let at = start
  while (true) {
    const piece = choose(before, at)
    if (piece === null) return 0
    at += piece.length
    if (piece.shape !== 0) {
      setFinish(start, at, piece.shape)
      return at
    }
    const idEnd = skipPlain(at)
    if (load<u8>(idEnd) !== QUOTE) return 0
    hashCall(at, <i32>(idEnd - at))
    addCall(low, high)
    at = idEnd
    before = piece
  }
}

/** None of the pieces that may stand at one place begins with another one. */
@inline
export function choose(before: Piece, at: usize): Piece | null {
  let piece = before.following
  while (piece !== null && !matches(at, piece.at, piece.length)) piece = piece.other
  return piece
}

function learnFinish(start: usize, end: usize): void {
  let before = root
  let at = start
  while (at < end) {
    const key = findId(at, end)
    const after = key === end ? end : key + ID_KEY_BYTES
    let piece = choose(before, at)
    if (piece === null) {
      piece = createPiece(at, <i32>(after - at), key === end ? ++shapes : 0)
      append(before, piece)
      pieces++
    }
    at = key === end ? end : findQuote(after)
    before = piece
  }
}

function findId(start: usize, end: usize): usize {
  let at = start
  while (at < end && !matches(at, idKey, ID_KEY_BYTES)) at++
  return at
}

function findQuote(start: usize): usize {
  let at = start
  while (load<u8>(at) !== QUOTE) at++
  return at
}

/** What was seen first is mostly what is seen most. */
function append(before: Piece, piece: Piece): void {
  let last = before.following
  if (last === null) {
    before.following = piece
    return
  }
  while (last.other !== null) last = <Piece>last.other
  last.other = piece
}

function createPiece(from: usize, length: i32, shape: i32): Piece {
  const piece = changetype<Piece>(heap.alloc(offsetof<Piece>()))
  piece.at = heap.alloc(<usize>length + BYTES_BEHIND)
  memory.copy(piece.at, from, length)
  piece.length = length
  piece.shape = shape
  piece.following = null
  piece.other = null
  return piece
}
