// SPDX-License-Identifier: Apache-2.0
import {
  DECODE_WORKER_ID,
  ENDED_AT_MS,
  EVENT_TIME_MS,
  HASHES,
  PREFILL_DP_RANK,
  PREFILL_WORKER_ID,
  REQUEST_ID,
  REQUEST_ROW,
  SESSION_ID,
  STARTED_AT_MS,
  TOOL_CALL_ID,
  TRAJECTORY_ID,
} from '../row-layout'
import { addBlocks, blockCount } from './block-hashes'
import {
  addCall,
  blocksBefore,
  hasNumber,
  hasText,
  kind,
  number,
  setFingerprint,
  setIdentityHash,
  setWorkerHash,
  textLength,
  textStart,
} from './columns'
import { beginHash, finished, hashCall, high, low, mixBytes, mixWord } from '../hash'

/** Stands for a text that a row does not have: no text is that long. */
const NO_TEXT: u32 = 0xffffffff

/** Takes the hashes of the row that is filled at the moment from what stands in its columns, whoever put it there. */
export function hashRow(): void {
  const isRequest = kind() === REQUEST_ROW
  let callLow: u32 = 0
  let callHigh: u32 = 0
  if (!isRequest) {
    hashCall(textStart(TOOL_CALL_ID), textLength(TOOL_CALL_ID))
    callLow = low
    callHigh = high
    addCall(callLow, callHigh)
  }
  beginHash(0)
  mixText(SESSION_ID)
  mixText(TRAJECTORY_ID)
  // 0 is for rows without identity.
  if (hasText(TRAJECTORY_ID)) setIdentityHash(max<u32>(1, finished(low)), finished(high))
  else setIdentityHash(0, 0)

  mixWord(kind())
  mixNumber(EVENT_TIME_MS)
  if (isRequest) {
    mixText(REQUEST_ID)
  } else {
    mixNumber(STARTED_AT_MS)
    mixNumber(ENDED_AT_MS)
    mixWord(callLow)
    mixWord(callHigh)
  }
  setFingerprint(finished(low), finished(high))
  setWorkerHash(isRequest ? hashWorkers() : 0)
  // Those of rows as Dynamo writes them are added while they are read.
  const isToHash = isRequest && hasText(HASHES) && blockCount === blocksBefore()
  if (isToHash) addBlocks(textStart(HASHES), textStart(HASHES) + textLength(HASHES))
}

/** The ranks of a worker have caches of their own. 0 where the row names no worker. */
function hashWorkers(): u32 {
  if (!hasText(PREFILL_WORKER_ID) && !hasText(DECODE_WORKER_ID)) return 0
  beginHash(0)
  mixText(PREFILL_WORKER_ID)
  mixText(DECODE_WORKER_ID)
  // A row that names no rank means the first one; of -0 the sum is 0.
  mixDouble(hasNumber(PREFILL_DP_RANK) ? number(PREFILL_DP_RANK) + 0 : 0)
  return max<u32>(1, finished(low))
}

function mixNumber(column: i32): void {
  mixDouble(number(column))
}

function mixDouble(value: f64): void {
  const bits = reinterpret<u64>(value)
  mixWord(<u32>bits)
  mixWord(<u32>(bits >>> 32))
}

function mixText(column: i32): void {
  if (!hasText(column)) {
    mixWord(NO_TEXT)
    return
  }
  const length = textLength(column)
  // The length tells where one text ends and the next begins.
  mixWord(length)
  mixBytes(textStart(column), length)
}
