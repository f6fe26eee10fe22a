// SPDX-License-Identifier: Apache-2.0
import {
  PROVENANCE_DERIVED,
  PROVENANCE_MEASURED,
  SPAWN_BY_PAST_TOOL,
  SPAWN_CALL,
  SPAWN_EDGE,
  SPAWN_FROM_MS,
  SPAWN_KIND,
  SPAWN_PARENT,
  SPAWN_PROVENANCE,
} from '../../src/model/told'
import { valueOf } from '../spans'
import { leave } from './arrows'
import { drawnAt } from './drawn'
import { Fields, NO_FIELDS } from './fields'
import { firstLane } from './lane-set'
import { laneOfCall } from './recent-calls'
import { drawSlice } from './slice'
import { Lane } from './track'

let label: Fields = 0
/** How an arrow is known. */
let measured: Fields = 0
let derived: Fields = 0
let inferred: Fields = 0

/** The name of what arrows leave from, and what is said of how they are known. */
export function setDepartures(name: Fields, ifMeasured: Fields, ifDerived: Fields, ifInferred: Fields): void {
  label = name
  measured = ifMeasured
  derived = ifDerived
  inferred = ifInferred
}

/**
 * Draws what an arrow leaves from that leads to the first request of a
 * trajectory: a mark where its parent stood, because an arrow needs something
 * to leave from, and what it leaves from is written already.
 */
export function drawDeparture(span: usize): void {
  const parent = drawnAt(<u32>valueOf(span, SPAWN_PARENT))
  const fromMs = valueOf(span, SPAWN_FROM_MS)
  const provenance = <i32>valueOf(span, SPAWN_PROVENANCE)
  const lane = valueOf(span, SPAWN_KIND) === SPAWN_BY_PAST_TOOL ? laneOfTool(span) : parent.laneOfRequest(fromMs)
  if (lane === null) return
  leave(<i32>valueOf(span, SPAWN_EDGE))
  const known = provenance === PROVENANCE_MEASURED ? measured : provenance === PROVENANCE_DERIVED ? derived : inferred
  drawSlice(lane, label, parent.identity, NO_FIELDS, 0, known, fromMs, fromMs)
}

function laneOfTool(span: usize): Lane | null {
  const lane = laneOfCall(<u32>valueOf(span, SPAWN_CALL))
  if (lane !== null) return lane
  const tools = drawnAt(<u32>valueOf(span, SPAWN_PARENT)).tools
  return tools === null ? null : firstLane(tools)
}
