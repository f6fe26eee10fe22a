// SPDX-License-Identifier: Apache-2.0
import {
  EDGE,
  END_MS,
  FIRST_SPAWN,
  IS_TWOFOLD,
  SPAWNS,
  SPAWNS_BEFORE,
  START_MS,
  TIMING,
  TRAJECTORY,
  UNENDED,
} from '../../src/model/told'
import { DETAILS, DETAILS_BYTES, FACTS, LABEL, START_LABEL } from '../../src/write/perfetto/span-extras'
import { valueOf } from '../spans'
import { drawsArrows, leave } from './arrows'
import { Drawn, drawnAt } from './drawn'
import { extraOf } from './extras'
import { Fields, NO_FIELDS } from './fields'
import { firstLane, laneFor } from './lane-set'
import { rememberCall } from './recent-calls'
import { drawSlice } from './slice'
import { microseconds } from './time'

/** What a call of unknown length is drawn as, by the converter that ships with Dynamo too. */
const UNKNOWN_LENGTH_MS: f64 = 1

const TIMINGS: i32 = 4
/** By timing and whether the call is drawn longer than it is known to have been: what is said of calls that were reported. */
const facts = memory.data(2 * TIMINGS * <i32>sizeof<Fields>())

export function setFacts(timing: i32, isStretched: i32, fields: Fields): void {
  store<Fields>(facts + ((timing + isStretched * TIMINGS) << 2), fields)
}

/** Draws a tool call, and the arrows that leave it. */
export function drawToolSpan(span: usize, extras: usize): void {
  const drawn = drawnAt(<u32>valueOf(span, TRAJECTORY))
  const isUnended = valueOf(span, TIMING) === UNENDED
  if (isUnended) drawStart(span, extras, drawn)
  // One that is drawn already, as inferred, started but is not drawn twice.
  if (!isUnended || valueOf(span, IS_TWOFOLD) === 0) drawCall(span, extras, drawn)
}

function drawCall(span: usize, extras: usize, drawn: Drawn): void {
  const startMs = valueOf(span, START_MS)
  const isStretched = !hasLength(startMs, valueOf(span, END_MS))
  const endMs = isStretched ? startMs + UNKNOWN_LENGTH_MS : valueOf(span, END_MS)
  const lane = laneFor(drawn.toolLanes(), startMs, endMs)
  // All arrows leave where the call begins: what it started may begin right
  // then, and a request that waited for it, by another machine's clock,
  // before the call ends.
  if (drawsArrows) {
    const edge = <u32>valueOf(span, EDGE)
    leave(edge)
    leaveSpawns(span, 0)
    rememberCall(edge, lane)
  }
  const ownFacts = extraOf(extras, FACTS)
  const timing = <i32>valueOf(span, TIMING)
  const said = ownFacts === 0 ? load<Fields>(facts + ((timing + (isStretched ? TIMINGS : 0)) << 2)) : ownFacts
  drawSlice(
    lane,
    extraOf(extras, LABEL),
    drawn.identity,
    extraOf(extras, DETAILS),
    extraOf(extras, DETAILS_BYTES),
    said,
    startMs,
    endMs,
  )
}

/** Marks the start of a call that never ended. */
function drawStart(span: usize, extras: usize, drawn: Drawn): void {
  const startMs = valueOf(span, START_MS)
  const lane = firstLane(drawn.toolLanes())
  // What it started after it was drawn as an inferred one.
  if (drawsArrows && valueOf(span, IS_TWOFOLD) !== 0) leaveSpawns(span, <i32>valueOf(span, SPAWNS_BEFORE))
  drawSlice(
    lane,
    extraOf(extras, START_LABEL),
    drawn.identity,
    extraOf(extras, DETAILS),
    extraOf(extras, DETAILS_BYTES),
    NO_FIELDS,
    startMs,
    startMs,
  )
}

function leaveSpawns(span: usize, first: i32): void {
  const spawns = <i32>valueOf(span, SPAWNS)
  for (let index = first; index < spawns; index++) leave(<i32>valueOf(span, FIRST_SPAWN + index))
}

/** Whether something is known to have taken time, to the microsecond. */
function hasLength(startMs: f64, endMs: f64): bool {
  return microseconds(endMs) > microseconds(startMs)
}
