// SPDX-License-Identifier: Apache-2.0
import {
  ASKED,
  ASKED_CALL,
  BLOCK_SIZE,
  CACHED_TOKENS,
  DECODE_START_MS,
  EDGE,
  END_MS,
  FIRST_RESULT,
  FIRST_SPAWN,
  INPUT_TOKENS,
  IS_CONTEXT_FREE,
  IS_FAILED,
  IS_TWOFOLD,
  KIND,
  KV_HIT_RATE,
  LENGTH,
  MAX_RESULTS,
  NO_SPAWN,
  OUTPUT_TOKENS,
  PREFILL_END_MS,
  QUEUE_DEPTH,
  REQUEST,
  RESULT_EDGE,
  RESULT_END_MS,
  RESULT_IS_ASKED,
  RESULT_PLACES,
  RESULT_START_MS,
  RESULTS,
  ROW,
  SLOT,
  SPAWN_KIND,
  SPAWNS,
  SPAWNS_BEFORE,
  START,
  START_MS,
  TIMING,
  TOOL_CALL,
  TRAJECTORY,
  UNENDED,
  WAIT_END_MS,
  WORKERS,
} from '../../src/model/told'
import { allocate, enlarge } from '../memory'
import { tellSpans } from './host'
import { PendingCall, PendingRequest, PendingStart } from './pending'
import { Spawner } from './spawner'
import { Trajectory } from './trajectory'

/** So much is told at once, as a rule: what the rows of a batch become. */
const TOLD_BYTES: u32 = 256 * 1024

/** Settled spans, one after the other, in doubles at the places that told.ts names. */
export let told: usize = allocate(TOLD_BYTES)
export let toldBytes: u32 = 0
let room: u32 = TOLD_BYTES

/** The span that is put together. */
let span: usize = told

@inline
export function tell(place: i32, value: f64): void {
  store<f64>(span + (<usize>place << 3), value)
}

/** Tells the host of what is settled so far. */
export function tellSettled(): void {
  if (toldBytes > 0) tellSpans()
  toldBytes = 0
}

/** The span that comes next is told in so many doubles at most. */
function beginSpan(doubles: u32): void {
  const bytes = doubles << 3
  if (toldBytes + bytes > room) tellSettled()
  if (bytes > room) {
    told = enlarge(told, room, bytes)
    room = bytes
  }
  span = told + toldBytes
}

function endSpan(doubles: u32): void {
  tell(LENGTH, doubles)
  toldBytes += doubles << 3
}

/** What settle.ts and spawn.ts know of its results and of what spawned it they tell next. */
export function beginRequest(): void {
  beginSpan(FIRST_RESULT + MAX_RESULTS * RESULT_PLACES)
  tell(SPAWN_KIND, NO_SPAWN)
}

/** @param results How many were told. */
export function tellRequest(trajectory: Trajectory, request: PendingRequest, results: u32): void {
  tellKind(REQUEST, trajectory)
  tell(SLOT, request.slot)
  tell(ROW, request.row)
  tell(START_MS, request.startMs)
  tell(END_MS, request.endMs)
  tell(WAIT_END_MS, request.waitEndMs)
  tell(PREFILL_END_MS, request.prefillEndMs)
  tell(DECODE_START_MS, request.decodeStartMs)
  tell(QUEUE_DEPTH, request.queueDepth)
  tell(INPUT_TOKENS, request.inputTokens)
  tell(OUTPUT_TOKENS, request.outputTokens)
  tell(CACHED_TOKENS, request.cachedTokens)
  tell(KV_HIT_RATE, request.kvHitRate)
  tell(BLOCK_SIZE, request.blockSize)
  tell(WORKERS, request.workers)
  tell(RESULTS, results)
  endSpan(FIRST_RESULT + results * RESULT_PLACES)
}

/** Tells one more call whose result a request got. @param index How many are told already. */
export function tellResult(index: u32, call: PendingCall): void {
  const place = FIRST_RESULT + index * RESULT_PLACES
  tell(place + RESULT_EDGE, call.edgeId)
  tell(place + RESULT_START_MS, call.startMs)
  tell(place + RESULT_END_MS, call.endMs)
  tell(place + RESULT_IS_ASKED, call.asked === 0 ? 0 : 1)
}

export function tellCall(trajectory: Trajectory, call: PendingCall, timing: i32): void {
  beginSpan(FIRST_SPAWN + call.edges)
  tell(SLOT, call.slot)
  tell(ROW, call.row)
  tell(START_MS, call.startMs)
  tell(END_MS, call.endMs)
  tell(TIMING, timing)
  tell(IS_FAILED, call.failed ? 1 : 0)
  tell(EDGE, call.edgeId)
  tell(IS_TWOFOLD, call.isTwofold ? 1 : 0)
  tell(ASKED, call.asked)
  tell(ASKED_CALL, call.askedCall)
  tell(START, 0)
  tell(SPAWNS_BEFORE, 0)
  tellTool(trajectory, call)
}

export function tellUnended(trajectory: Trajectory, start: PendingStart, edgeId: u32): void {
  beginSpan(FIRST_SPAWN + start.edges)
  tell(SLOT, 0)
  tell(ROW, 0)
  tell(ASKED_CALL, 0)
  tell(START_MS, start.startMs)
  tell(END_MS, max(start.startMs, trajectory.endMs))
  tell(TIMING, UNENDED)
  tell(IS_FAILED, 0)
  tell(EDGE, edgeId)
  tell(IS_TWOFOLD, start.isInferred ? 1 : 0)
  tell(ASKED, 0)
  tell(START, start.kept)
  tell(SPAWNS_BEFORE, start.spawnsBefore)
  tellTool(trajectory, start)
}

function tellTool(trajectory: Trajectory, call: Spawner): void {
  tellKind(TOOL_CALL, trajectory)
  tell(SPAWNS, call.edges)
  let place = FIRST_SPAWN
  let edge = call.firstEdge
  while (edge !== null) {
    tell(place++, edge.id)
    edge = edge.next
  }
  endSpan(place)
}

function tellKind(kind: i32, trajectory: Trajectory): void {
  tell(KIND, kind)
  tell(TRAJECTORY, trajectory.index)
  tell(IS_CONTEXT_FREE, trajectory.contextFree ? 1 : 0)
}
