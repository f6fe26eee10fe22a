// SPDX-License-Identifier: Apache-2.0
import {
  EVENT_TIME_MS,
  HAS_REPLAY,
  HAS_WORKER,
  REPLAY_BLOCK_SIZE,
  REPLAY_INPUT_TOKENS,
  REQUEST_ID,
  REQUEST_ROW,
  SUCCEEDED,
  TOOL_CALL_ID,
  TOOL_CLASS,
} from '../row-layout'
import { skipBlanks, skipPlain } from '../text'
import { hasNumber, hasText, setKind, setText } from './columns'
import { readFinish } from './finish'
import { settleIdentity } from './identity'
import { readNumber } from './number'
import { skipMember, skipValue } from './skip-value'
import { entriesOf, entryAt, findEntry, groupOf, lengthOf, listAt, meaningOf, standsAt, typeOf } from './tables'
import { hasSucceeded } from './tool-status'
import { readHashes, readU64 } from './u64'
import { UNUSUAL } from './unusual'

// Types and groups as src/read/scan/fields.ts has them.

const NUMBER: u8 = 1
const TEXT: u8 = 2
const U64: u8 = 3
const HASH_LIST: u8 = 4
const FINISH_METADATA: u8 = 5
const IGNORED: u8 = 6
/** Values of which a list holds all. */
const FLAG: u8 = 7
const SCHEMA: u8 = 8
const EVENT_TYPE: u8 = 9
/** Objects of which a list holds the fields. */
const EVENT: u8 = 10
const CONTEXT: u8 = 11
const REQUEST_OBJECT: u8 = 12
const TOOL_OBJECT: u8 = 13
const WORKER: u8 = 14

const IN_EVENT: i32 = 1
const IS_EVENT: i32 = 2

const ROW_LIST: i32 = 0

/** What the event type of a payload row means. */
const PAYLOAD: u8 = 255
/** Dynamo writes the event type before any content, so core's parser looks for it here only. */
const PAYLOAD_WITHIN_BYTES: usize = 512

const LINE_FEED: u8 = 0x0a
const SPACE: u8 = 0x20
const QUOTE: u8 = 0x22
const COMMA: u8 = 0x2c
const COLON: u8 = 0x3a
const OPENING_BRACE: u8 = 0x7b
const CLOSING_BRACE: u8 = 0x7d

const NULL: u32 = 0x6c6c756e

/** The line is a payload row, of which no more than its type was read. */
export let isPayload: bool = false

/** Where the row begins. */
let rowStart: usize = 0
/** Groups of the fields of the object that was read last. */
let groups: i32 = 0
let rowKind: u8 = 0
let flags: i32 = 0
let hasSchema: bool = false
let hasRequest: bool = false
let hasTool: bool = false

/**
 * Reads a row as Dynamo writes it from its bytes into the columns' empty row,
 * without making a string or an object. What it reads is what core's
 * parseTraceLine reads; whatever is not as expected, damaged or just rare, it
 * leaves to that.
 *
 * Each line has to end with a line feed. Every loop over bytes stops at one,
 * so that none has to look for the end of the block.
 *
 * @returns The place behind the line feed; UNUSUAL where the line is left to
 * core's parser, and the row perhaps filled in part.
 */
export function readRow(start: usize): usize {
  isPayload = false
  const brace = skipBlanks(start)
  if (load<u8>(brace) !== OPENING_BRACE) return UNUSUAL
  rowStart = start
  rowKind = 0
  flags = 0
  hasSchema = false
  hasRequest = false
  hasTool = false
  let at = readObject(brace, ROW_LIST)
  if (at === UNUSUAL) return UNUSUAL
  at = skipBlanks(at)
  if (load<u8>(at) !== LINE_FEED || !isComplete()) return UNUSUAL
  if (rowKind !== REQUEST_ROW && hasSucceeded()) flags |= SUCCEEDED
  setKind(rowKind, flags)
  return at + 1
}

/** Whether the row has what a record needs, and nothing twice. */
function isComplete(): bool {
  const isBesideEvent = (groups & IS_EVENT) !== 0 && (groups & IN_EVENT) !== 0
  if (isBesideEvent || !hasSchema || !hasNumber(EVENT_TIME_MS)) return false
  if (rowKind === REQUEST_ROW) return hasRequest && !hasTool && hasText(REQUEST_ID)
  return rowKind !== 0 && hasTool && !hasRequest && hasText(TOOL_CALL_ID) && hasText(TOOL_CLASS)
}

/** Blanks are expected where JSON is written with some: behind colons and commas. */
function readObject(start: usize, listIndex: i32): usize {
  const list = listAt(listIndex)
  const count = entriesOf(list)
  let at = start + 1
  let seen: u32 = 0
  let seenGroups = 0
  let expected = 0
  if (load<u8>(at) === CLOSING_BRACE) {
    groups = 0
    return at + 1
  }
  while (true) {
    const index = findField(list, count, at, expected)
    if (index === count) {
      at = skipMember(at)
    } else {
      const field = entryAt(list, index)
      const bit = <u32>1 << index
      if ((seen & bit) !== 0) return UNUSUAL
      seen |= bit
      seenGroups |= groupOf(field)
      expected = index + 1
      let value = at + lengthOf(field)
      if (load<u8>(value) <= SPACE) value = skipBlanks(value)
      const type = typeOf(field)
      // Almost all fields are of these two types.
      if (type === NUMBER) at = readNumber(value, meaningOf(field))
      else if (type === TEXT) at = readText(value, meaningOf(field))
      else at = readValue(value, type, meaningOf(field))
      // What is null is absent, whatever it should have been.
      if (at === UNUSUAL && load<u32>(value) === NULL) at = value + 4
    }
    if (at === UNUSUAL) return UNUSUAL
    const byte = load<u8>(at)
    at++
    if (byte === CLOSING_BRACE) break
    if (byte !== COMMA) return UNUSUAL
    if (load<u8>(at) <= SPACE) at = skipBlanks(at)
  }
  groups = seenGroups
  return at
}

/**
 * Index of the field whose key stands here; `count` where there is none.
 *
 * @param expected The one to try first: mostly the key is the one that Dynamo
 * writes behind the key before.
 */
@inline
export function findField(list: usize, count: i32, at: usize, expected: i32): i32 {
  if (expected < count && standsAt(entryAt(list, expected), at)) return expected
  let index = expected
  for (let left = count; left > 0; left--) {
    index = index < count - 1 ? index + 1 : 0
    if (standsAt(entryAt(list, index), at)) return index
  }
  return count
}

function readValue(at: usize, type: u8, meaning: i32): usize {
  switch (type) {
    case U64:
      return readU64(at, meaning)
    case HASH_LIST:
      return readHashes(at)
    case FINISH_METADATA:
      return load<u8>(at) === OPENING_BRACE ? readFinish(at) : UNUSUAL
    case IGNORED:
      return skipValue(at, false)
    case FLAG:
    case SCHEMA:
    case EVENT_TYPE:
      return readKnownValue(at, type, meaning)
    default:
      return load<u8>(at) === OPENING_BRACE ? readMember(at, type, meaning) : UNUSUAL
  }
}

/** Reads a string if it needs no decoding. */
@inline
export function readText(start: usize, column: i32): usize {
  if (load<u8>(start) !== QUOTE) return UNUSUAL
  const end = skipPlain(start + 1)
  if (load<u8>(end) !== QUOTE) return UNUSUAL
  setText(column, start + 1, end)
  return end + 1
}

function readKnownValue(at: usize, type: u8, list: i32): usize {
  const value = findEntry(list, at)
  if (value === 0) return UNUSUAL
  const meaning = meaningOf(value)
  const end = at + lengthOf(value)
  if (type === EVENT_TYPE) {
    if (meaning === PAYLOAD) {
      isPayload = load<u8>(at - 1) === COLON && end - rowStart <= PAYLOAD_WITHIN_BYTES
      return UNUSUAL
    }
    rowKind = <u8>meaning
  } else {
    if (type === SCHEMA) hasSchema = true
    flags |= meaning
  }
  return end
}

function readMember(at: usize, type: u8, list: i32): usize {
  switch (type) {
    case EVENT:
      return readObject(at, list)
    case CONTEXT: {
      const end = readObject(at, list)
      return end !== UNUSUAL && settleIdentity(groups) ? end : UNUSUAL
    }
    case REQUEST_OBJECT:
      hasRequest = true
      return readObject(at, list)
    case TOOL_OBJECT:
      hasTool = true
      return readObject(at, list)
    case WORKER:
      flags |= HAS_WORKER
      return readObject(at, list)
    default:
      return readReplay(at, list)
  }
}

function readReplay(at: usize, list: i32): usize {
  const end = readObject(at, list)
  if (end === UNUSUAL) return UNUSUAL
  flags |= HAS_REPLAY
  return hasNumber(REPLAY_BLOCK_SIZE) && hasNumber(REPLAY_INPUT_TOKENS) ? end : UNUSUAL
}
