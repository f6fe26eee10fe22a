// SPDX-License-Identifier: Apache-2.0
import {
  DECODE_START_MS,
  END_MS,
  FIRST_RESULT,
  NO_SPAWN,
  PREFILL_END_MS,
  RESULT_EDGE,
  RESULT_PLACES,
  RESULT_START_MS,
  RESULTS,
  SPAWN_BY_TOOL,
  SPAWN_EDGE,
  SPAWN_FROM_MS,
  SPAWN_KIND,
  START_MS,
  TRAJECTORY,
  WAIT_END_MS,
} from '../../src/model/told'
import { DETAILS, DETAILS_BYTES, IS_FINAL, LABEL, LANES } from '../../src/write/perfetto/span-extras'
import { valueOf } from '../spans'
import { arrive, arriveAtEnd, drawsArrows } from './arrows'
import { drawDeparture } from './departures'
import { drawnAt } from './drawn'
import { extraOf } from './extras'
import { Fields, NO_FIELDS } from './fields'
import { laneFor, LaneSet, markLanes } from './lane-set'
import { drawRequest } from './request'
import { drawSlice } from './slice'

let sessionEnd: Fields = 0

/** The name of a mark where a session ends. */
export function setSessionEnd(label: Fields): void {
  sessionEnd = label
}

/** Draws a request: a slice with its stages inside, marks, and the arrows that lead to it. */
export function drawRequestSpan(span: usize, extras: usize): void {
  const drawn = drawnAt(<u32>valueOf(span, TRAJECTORY))
  const startMs = valueOf(span, START_MS)
  const endMs = max(startMs, valueOf(span, END_MS))
  const ofWorker = extraOf(extras, LANES)
  const lanes = ofWorker === 0 ? drawn.requestLanes() : changetype<LaneSet>(ofWorker)
  const lane = laneFor(lanes, startMs, endMs)
  drawn.rememberLane(lane, startMs)
  if (drawsArrows) expectArrows(span)
  drawRequest(
    lane,
    extraOf(extras, LABEL),
    drawn.identity,
    extraOf(extras, DETAILS),
    extraOf(extras, DETAILS_BYTES),
    startMs,
    endMs,
    valueOf(span, WAIT_END_MS),
    valueOf(span, PREFILL_END_MS),
    valueOf(span, DECODE_START_MS),
  )
  if (extraOf(extras, IS_FINAL) !== 0) drawSlice(lane, sessionEnd, drawn.identity, NO_FIELDS, 0, NO_FIELDS, endMs, endMs)
  // Should nobody report what it asked for, that comes when the trace is over.
  const tools = drawn.tools
  if (tools !== null) markLanes(tools, valueOf(span, END_MS))
}

function expectArrows(span: usize): void {
  const spawn = <i32>valueOf(span, SPAWN_KIND)
  const isPast = spawn !== NO_SPAWN && spawn !== SPAWN_BY_TOOL
  if (isPast) drawDeparture(span)
  const results = <i32>valueOf(span, RESULTS)
  for (let index = 0; index < results; index++) {
    const result = FIRST_RESULT + index * RESULT_PLACES
    arrive(<i32>valueOf(span, result + RESULT_EDGE), valueOf(span, result + RESULT_START_MS))
  }
  if (isPast) arrive(<i32>valueOf(span, SPAWN_EDGE), valueOf(span, SPAWN_FROM_MS))
  // The call may have begun at the very moment at which the request did, and
  // stands behind it in the file: only where the request ends is it certain
  // to have begun.
  if (spawn === SPAWN_BY_TOOL) arriveAtEnd(<i32>valueOf(span, SPAWN_EDGE))
}
