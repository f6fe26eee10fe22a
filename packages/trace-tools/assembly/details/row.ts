// SPDX-License-Identifier: Apache-2.0
import { FINISH, FROM_DYNAMO, FROM_HARNESS, HAS_SESSION_FINAL, REQUEST_ROW, SESSION_FINAL } from '../row-layout'
import { varintSize, putVarint } from '../varint'
import { putFlag, putStringId } from './annotation'
import { putFields } from './fields'
import { putFinish } from './finish'
import { flags, hasText, kind } from './given'
import { claim, cutTo, outputAt, outputBytes } from '../output'

// Lists as src/write/perfetto/details/tables.ts has them.
const REQUEST_LIST: usize = 0
const WORKER_LIST: usize = 1
const REPLAY_LIST: usize = 2
const TOOL_LIST: usize = 3

/** The tag of an annotation of an event, and of the number of its name. */
const ANNOTATION: u8 = (4 << 3) | 2
const NAME_ID: u8 = 1 << 3

/** Bytes of a dictionary up to its entries, where its length takes one. */
const DICTIONARY_BYTES: usize = 4

let isFull: bool = true
let workerName: u8 = 0
let replayName: u8 = 0
let sourceName: u8 = 0
let sessionFinalName: u8 = 0
let fromDynamo: u32 = 0
let fromHarness: u32 = 0

/**
 * @param full Whether to tell all that rows say.
 * @param worker The numbers of names of annotations, and of the two sources.
 */
export function setNames(full: bool, worker: u8, replay: u8, source: u8, sessionFinal: u8, dynamo: u32, harness: u32): void {
  isFull = full
  workerName = worker
  replayName = replay
  sourceName = source
  sessionFinalName = sessionFinal
  fromDynamo = dynamo
  fromHarness = harness
}

/** Writes what the row says; nothing that it does not say. */
export function encodeRow(): void {
  if (kind() === REQUEST_ROW) encodeRequest()
  else if (kind() !== 0) encodeTool()
}

function encodeRequest(): void {
  putFields(REQUEST_LIST)
  putDictionary(workerName, WORKER_LIST)
  if (!isFull) return
  putFlags()
  putDictionary(replayName, REPLAY_LIST)
  if (hasText(FINISH)) putFinish()
}

function encodeTool(): void {
  putFields(TOOL_LIST)
  if (isFull) putFlags()
}

function putFlags(): void {
  const bits = flags()
  if ((bits & FROM_DYNAMO) !== 0) putStringId(ANNOTATION, sourceName, fromDynamo)
  if ((bits & FROM_HARNESS) !== 0) putStringId(ANNOTATION, sourceName, fromHarness)
  if ((bits & HAS_SESSION_FINAL) !== 0) putFlag(ANNOTATION, sessionFinalName, (bits & SESSION_FINAL) !== 0)
}

/** Most dictionaries are shorter than 128 bytes; the entries of a longer one move on by what its length needs. */
function putDictionary(nameId: u8, list: usize): void {
  const before = outputBytes()
  claim(DICTIONARY_BYTES)
  const entries = outputBytes()
  putFields(list)
  const size = outputBytes() - entries
  if (size === 0) {
    cutTo(before)
    return
  }
  const length = <u32>(DICTIONARY_BYTES - 2 + size)
  const extra = varintSize(length) - 1
  if (extra > 0) {
    claim(extra)
    memory.copy(outputAt + entries + extra, outputAt + entries, size)
  }
  const at = outputAt + before
  store<u8>(at, ANNOTATION)
  const name = putVarint(at + 1, length)
  store<u8>(name, NAME_ID)
  store<u8>(name, nameId, 1)
}
