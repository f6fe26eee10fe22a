// SPDX-License-Identifier: Apache-2.0
// The events of a Perfetto trace, which are by far the most of a file. What is rare is encoded in TypeScript, and
// appended. An instance belongs to one writer. src/write/perfetto/event-module.ts says what each export does.
import { KIND, TOOL_CALL } from '../src/model/told'
import { behind, valueOf } from './spans'
import { OVERSHOOT } from './output'
import { EXTRA_BYTES } from './write/extras'
import { drawRequestSpan } from './write/request-span'
import { drawToolSpan } from './write/tool-span'

export { leave, setArrows, setFlowSeed } from './write/arrows'
export { drawCounter } from './write/counter'
export { setDepartures } from './write/departures'
export { openTrajectory } from './write/drawn'
export { setFirstToken, setStages } from './write/request'
export { setSessionEnd } from './write/request-span'
export { drawSlice } from './write/slice'
export { setFacts } from './write/tool-span'
export { claim, cutTo, outputAt, outputBytes } from './output'
export { keepFields } from './write/fields'
export { addLane, createLaneSet, firstLane, laneFor, markLanes } from './write/lane-set'
export { keepTrack } from './write/track'
export { nanoseconds } from './write/time'

/** Gives memory that stays taken. What is appended from it reads some bytes more. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes + OVERSHOOT)
}

/** Draws spans, which take so many bytes. @param extras What the host adds to each of them. */
export function drawSpans(spans: usize, bytes: usize, extras: usize): void {
  let added = extras
  for (let span = spans; span < spans + bytes; span = behind(span)) {
    if (valueOf(span, KIND) === TOOL_CALL) drawToolSpan(span, added)
    else drawRequestSpan(span, added)
    added += EXTRA_BYTES
  }
}
