// SPDX-License-Identifier: Apache-2.0
import { TOOL_LANES } from '../../src/write/perfetto/lane-kinds'
import { describeLane } from './host'
import { createLane, Lane } from './track'

/** Up to when a lane is taken. */
@unmanaged
class Taken {
  until: f64
  lane: usize
}

const STRIDE = offsetof<Taken>()

/** Few sets have more lanes; what is known of so many stands right behind the set, where it is found fastest. */
const FIRST_ROOM: usize = 4

/** Lanes for spans that come one after the other; src/model/lane-set.ts, which is the same, says how they are found. */
@unmanaged
export class LaneSet {
  markedAt: f64
  /** How many marks there were. */
  marks: u32
  /** What its lanes are for, the halves of the track that they hang on, and how many there are. */
  kind: u32
  low: u32
  high: u32
  lanes: u32
  /** The lanes that were ever taken, those that became free earliest first. */
  taken: usize
  room: usize
  count: usize
  /** All lanes, by number, and the first that was never taken. */
  first: usize
  last: usize
  untaken: usize
}

/** @param kind What its lanes are for, see src/write/perfetto/lane-kinds.ts; tool calls may come late, before the first mark from any time on. */
export function createLaneSet(kind: u32, low: u32, high: u32): LaneSet {
  const set = changetype<LaneSet>(heap.alloc(offsetof<LaneSet>() + FIRST_ROOM * STRIDE))
  set.markedAt = kind === TOOL_LANES ? -Infinity : Infinity
  set.marks = 0
  set.kind = kind
  set.low = low
  set.high = high
  set.lanes = 0
  set.taken = changetype<usize>(set) + offsetof<LaneSet>()
  set.room = FIRST_ROOM
  set.count = 0
  set.first = 0
  set.last = 0
  set.untaken = 0
  return set
}

export function addLane(set: LaneSet, low: u32, high: u32, stagesLow: u32, stagesHigh: u32): void {
  const lane = changetype<usize>(createLane(low, high, stagesLow, stagesHigh))
  if (set.first === 0) set.first = lane
  else changetype<Lane>(set.last).next = lane
  set.last = lane
  if (set.untaken === 0) set.untaken = lane
  set.lanes++
}

/** The first lane, for marks: they may stand where anything else is. */
export function firstLane(set: LaneSet): Lane {
  if (set.first === 0) describeNext(set)
  return changetype<Lane>(set.first)
}

/** Finds the lane of the next span. */
export function laneFor(set: LaneSet, start: f64, end: f64): Lane {
  const lane = assignLane(set, start, end)
  if (lane !== 0) return changetype<Lane>(lane)
  describeNext(set)
  return changetype<Lane>(assignLane(set, start, end))
}

function describeNext(set: LaneSet): void {
  describeLane(changetype<usize>(set), set.kind, set.low, set.high, set.lanes)
}

/** From now on a span may come late that begins at this time. */
export function markLanes(set: LaneSet, time: f64): void {
  set.markedAt = time
  set.marks++
}

/** Finds the lane of the next span; 0 where another one has to be added. */
function assignLane(set: LaneSet, start: f64, end: f64): usize {
  const place = lastFreeAt(set, start)
  if (place < 0) return squeezeIn(set, start, end) || takeAnother(set, start, end)
  const taken = takenAt(set, place)
  const lane = taken.lane
  if (!isTakenSinceMark(set, changetype<Lane>(lane))) {
    takeSinceMark(set, changetype<Lane>(lane), taken.until <= set.markedAt ? start : -Infinity)
  }
  settle(set, place, lane, end)
  return lane
}

@inline
export function takenAt(set: LaneSet, place: i32): Taken {
  return changetype<Taken>(set.taken + <usize>place * STRIDE)
}

/** Place of the lane that became free last by a time, -1 where none is free. */
function lastFreeAt(set: LaneSet, time: f64): i32 {
  let low: i32 = 0
  let high = <i32>set.count
  // A chain of spans on one lane is by far the most common.
  if (high > 0 && takenAt(set, high - 1).until <= time) return high - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (takenAt(set, middle).until <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Whether anything has come on a lane since the mark. */
@inline
export function isTakenSinceMark(set: LaneSet, lane: Lane): bool {
  return lane.mark === set.marks
}

@inline
export function takeSinceMark(set: LaneSet, lane: Lane, freeUntil: f64): void {
  lane.mark = set.marks
  lane.freeUntil = freeUntil
}

/** Finds a lane that is free between the mark and what came first behind it. */
function squeezeIn(set: LaneSet, start: f64, end: f64): usize {
  if (start < set.markedAt) return 0
  for (let at = set.first; at !== set.untaken; at = changetype<Lane>(at).next) {
    const lane = changetype<Lane>(at)
    // One on which nothing has come since is still taken by what came before.
    if (!isTakenSinceMark(set, lane) || !(end <= lane.freeUntil)) continue
    lane.freeUntil = start
    return at
  }
  return 0
}

/** Moves a lane whose end grew to its place among the others. */
function settle(set: LaneSet, from: i32, lane: usize, end: f64): void {
  const last = <i32>set.count - 1
  let place = from
  for (; place < last && takenAt(set, place + 1).until <= end; place++) move(set, place + 1, place)
  put(set, place, lane, end)
}

function takeAnother(set: LaneSet, start: f64, end: f64): usize {
  const lane = set.untaken
  if (lane === 0) return 0
  set.untaken = changetype<Lane>(lane).next
  takeSinceMark(set, changetype<Lane>(lane), set.markedAt < Infinity ? start : -Infinity)
  makeRoom(set)
  let place: i32 = <i32>(set.count++)
  for (; place > 0 && takenAt(set, place - 1).until > end; place--) move(set, place - 1, place)
  put(set, place, lane, end)
  return lane
}

@inline
export function move(set: LaneSet, from: i32, to: i32): void {
  const taken = takenAt(set, from)
  put(set, to, taken.lane, taken.until)
}

@inline
export function put(set: LaneSet, place: i32, lane: usize, until: f64): void {
  const taken = takenAt(set, place)
  taken.until = until
  taken.lane = lane
}

function makeRoom(set: LaneSet): void {
  if (set.count < set.room) return
  const moved = heap.alloc(set.room * 2 * STRIDE)
  memory.copy(moved, set.taken, set.count * STRIDE)
  set.taken = moved
  set.room *= 2
}
