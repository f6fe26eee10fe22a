// SPDX-License-Identifier: Apache-2.0
import {
  ASKED,
  ASKED_CALL,
  DECODE_START_MS,
  EDGE,
  END_MS,
  FIRST_RESULT,
  IS_FAILED,
  IS_TWOFOLD,
  MAX_RESULTS,
  PREFILL_END_MS,
  RESULT_EDGE,
  RESULT_END_MS,
  RESULT_IS_ASKED,
  RESULT_PLACES,
  RESULT_START_MS,
  ROW,
  SLOT,
  SPAWNS,
  START,
  START_MS,
  TIMING,
  TRAJECTORY,
  UNENDED,
  WAIT_END_MS,
} from '../../src/model/told'
import { tellRequest, tellTool } from './host'
import { PendingCall, PendingRequest, PendingStart } from './pending'
import { Edge, Spawner } from './spawner'
import { Trajectory } from './trajectory'

/** Where a settled span is told, in doubles at the places that told.ts names. */
export const told: usize = memory.data((FIRST_RESULT + MAX_RESULTS * RESULT_PLACES) * 8, 8)

@inline
export function tell(place: i32, value: f64): void {
  store<f64>(told + (<usize>place << 3), value)
}

/** Of its results and of what spawned it settle.ts and spawn.ts have told. */
export function tellRequestOf(trajectory: Trajectory, request: PendingRequest): void {
  tell(SLOT, request.slot)
  tell(ROW, request.row)
  tell(TRAJECTORY, trajectory.index)
  tell(START_MS, request.startMs)
  tell(END_MS, request.endMs)
  tell(WAIT_END_MS, request.waitEndMs)
  tell(PREFILL_END_MS, request.prefillEndMs)
  tell(DECODE_START_MS, request.decodeStartMs)
  tellRequest()
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
  tellToolOf(trajectory, call)
}

export function tellUnended(trajectory: Trajectory, start: PendingStart, edgeId: u32): void {
  tell(START_MS, start.startMs)
  tell(END_MS, max(start.startMs, trajectory.endMs))
  tell(TIMING, UNENDED)
  tell(IS_FAILED, 0)
  tell(EDGE, edgeId)
  tell(IS_TWOFOLD, start.isInferred ? 1 : 0)
  tell(ASKED, 0)
  tell(START, start.kept)
  tellToolOf(trajectory, start)
}

/** Of the call that is told. */
let nextEdge: Edge | null = null

function tellToolOf(trajectory: Trajectory, call: Spawner): void {
  tell(TRAJECTORY, trajectory.index)
  tell(SPAWNS, call.edges)
  nextEdge = call.firstEdge
  tellTool()
}

/** The edges to the trajectories that the call which is told started, one after the other. */
export function nextSpawn(): u32 {
  const edge = nextEdge
  if (edge === null) return 0
  nextEdge = edge.next
  return edge.id
}
