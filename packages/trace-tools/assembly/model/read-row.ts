// SPDX-License-Identifier: Apache-2.0
import {
  CACHED_TOKENS,
  DURATION_MS,
  ENDED_AT_MS,
  EVENT_TIME_MS,
  INPUT_TOKENS,
  KV_HIT_RATE,
  OUTPUT_TOKENS,
  PREFILL_MS,
  PREFILL_WAIT_MS,
  QUEUE_DEPTH,
  RECEIVED_MS,
  REPLAY_BLOCK_SIZE,
  STARTED_AT_MS,
  TOOL_ERROR_ROW,
  TOTAL_MS,
  TTFT_MS,
} from '../row-layout'
import { callEnds, callsBefore, finishes, kindOf, numberOf, workers } from './columns'
import { createCall, createRequest, createStart, PendingCall, PendingRequest, PendingStart } from './pending'

/**
 * A row without the time it was received starts at its event, as in the
 * converter that ships with Dynamo; its stages are divided by that one's
 * rules too: the time to first token parts prefill from decode; wait and
 * prefill are laid out from the start and end there at the latest; without a
 * time to first token nothing says where decode began, so there is none.
 */
export function readRequest(slot: u32, row: u32, calls: usize): PendingRequest {
  const eventMs = numberOf(row, EVENT_TIME_MS)
  const receivedMs = numberOf(row, RECEIVED_MS)
  const toldMs = numberOf(row, TOTAL_MS)
  const waitMs = numberOf(row, PREFILL_WAIT_MS)
  const prefillMs = numberOf(row, PREFILL_MS)
  const startMs = isNaN(receivedMs) ? eventMs : receivedMs
  const totalMs = toldMs >= 0 ? toldMs : max(0, eventMs - startMs)
  const decodeStartMs = clamp(numberOf(row, TTFT_MS), 0, totalMs)
  const boundaryMs = isNaN(decodeStartMs) ? totalMs : decodeStartMs
  const waitEndMs = isNaN(waitMs) ? 0 : clamp(waitMs, 0, boundaryMs)
  const firstCall = callsBefore(row)

  const request = createRequest()
  request.slot = slot
  request.row = row
  request.startMs = startMs
  request.endMs = startMs + totalMs
  // Both clocks count whole milliseconds: a tool call that ended in the one in which the request began comes first.
  request.timeMs = max(startMs + totalMs, Math.floor(startMs) + 1)
  request.waitEndMs = waitEndMs
  request.prefillEndMs = isNaN(prefillMs) ? waitEndMs : clamp(waitEndMs + prefillMs, waitEndMs, boundaryMs)
  request.decodeStartMs = decodeStartMs
  request.queueDepth = numberOf(row, QUEUE_DEPTH)
  request.inputTokens = numberOf(row, INPUT_TOKENS)
  request.outputTokens = numberOf(row, OUTPUT_TOKENS)
  request.cachedTokens = numberOf(row, CACHED_TOKENS)
  request.kvHitRate = numberOf(row, KV_HIT_RATE)
  request.blockSize = numberOf(row, REPLAY_BLOCK_SIZE)
  request.workers = load<u32>(workers + (row << 2))
  request.finish = load<u8>(finishes + row)
  request.calls = calls + (firstCall << 3)
  request.callCount = load<u32>(callEnds + (row << 2)) - firstCall
  return request
}

export function readToolStart(slot: u32, row: u32, calls: usize): PendingStart {
  const startedAtMs = numberOf(row, STARTED_AT_MS)
  const start = createStart(idOf(row, calls))
  start.slot = slot
  start.row = row
  start.startMs = isNaN(startedAtMs) ? numberOf(row, EVENT_TIME_MS) : startedAtMs
  return start
}

/** The best that the row knows, in the order of preference of the converter that ships with Dynamo. */
export function readToolEnd(slot: u32, row: u32, calls: usize): PendingCall {
  const startedAtMs = numberOf(row, STARTED_AT_MS)
  const endedAtMs = numberOf(row, ENDED_AT_MS)
  const durationMs = numberOf(row, DURATION_MS)
  let startMs = startedAtMs
  let endMs = isNaN(endedAtMs) ? numberOf(row, EVENT_TIME_MS) : endedAtMs
  let isMeasured = true
  if (endedAtMs > startedAtMs) {
    // Both ends were reported.
  } else if (durationMs > 0 && !isNaN(startedAtMs)) {
    endMs = startedAtMs + durationMs
  } else if (durationMs > 0) {
    startMs = max(0, endMs - durationMs)
  } else if (startedAtMs === endedAtMs) {
    endMs = startedAtMs
  } else {
    isMeasured = false
    endMs = max(endMs, isNaN(startedAtMs) ? endMs : startedAtMs)
  }
  const call = createCall(idOf(row, calls))
  call.slot = slot
  call.row = row
  call.timeMs = endMs
  call.failed = kindOf(row) === TOOL_ERROR_ROW
  call.startedAtMs = startedAtMs
  call.startMs = startMs
  call.endMs = endMs
  call.isMeasured = isMeasured
  return call
}

/** The hash of the call that a tool row names. */
@inline
export function idOf(row: u32, calls: usize): u64 {
  return load<u64>(calls + (callsBefore(row) << 3))
}

@inline
export function clamp(value: f64, low: f64, high: f64): f64 {
  return min(max(value, low), high)
}
