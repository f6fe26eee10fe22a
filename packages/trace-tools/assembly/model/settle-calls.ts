// SPDX-License-Identifier: Apache-2.0
import { INFERRED, MEASURED, PAIRED } from '../../src/model/told'
import { Asked, AskedCall, releaseAsked } from './asked'
import { keepStart } from './host'
import { latestOpen, openCall, SAME_START_MS, takeOpen } from './open-calls'
import { CALL, createCall, INFERENCE, LOOK_AHEAD, PendingCall, PendingStart, releaseCall, releaseStart, START } from './pending'
import { RecentSet } from './recent-set'
import { Spawner } from './spawner'
import { tellCall, tellUnended } from './telling'
import { Trajectory } from './trajectory'

/** Of the whole trace; what belongs together lies within minutes. */
const REMEMBERED_CALLS: u32 = 1 << 16

/** Calls of which an end was read, settled or not. */
const reported = changetype<RecentSet>(memory.data(offsetof<RecentSet>(), 8))
/** Starts that an end has named. */
const closed = changetype<RecentSet>(memory.data(offsetof<RecentSet>(), 8))
reported.begin(REMEMBERED_CALLS)
closed.begin(REMEMBERED_CALLS)

/** End rows that report once more what another one has reported. */
export let repeatedRows: u32 = 0
/** Calls that started and never ended. */
export let unendedCalls: u32 = 0
let lastEdge: u32 = 0

/** Edges are numbered from 1. */
export function takeEdge(): u32 {
  return ++lastEdge
}

/** Takes note of an end when it is read, which may be long before its turn. */
export function noteEnd(trajectory: Trajectory, id: u64): void {
  trajectory.hasReports = true
  reported.add(within(trajectory, id))
  const asked = trajectory.asked
  if (asked === null) return
  // As markReported does in settle.ts, for the end of a call that was asked for before.
  for (let index: u32 = 0; index < asked.count; index++) {
    const call = asked.at(index)
    if (call.hasId && call.id === id) call.isReported = true
  }
}

/** Whether the end of a call was read. */
export function isReported(trajectory: Trajectory, id: u64): bool {
  return reported.has(within(trajectory, id))
}

/** Its turn has come: from now on it waits for its end. */
export function settleStart(trajectory: Trajectory, start: PendingStart): void {
  // Only a call that stays open is drawn with what its start row says.
  if (!endsSoon(trajectory, start)) start.kept = keepStart(start.slot, start.row)
  openCall(trajectory, start)
}

export function settleEnd(trajectory: Trajectory, call: PendingCall): void {
  const start = takeStart(trajectory, call)
  if (isRepeated(trajectory, call, start)) {
    repeatedRows++
    releaseCall(call)
    return
  }
  const hasStart = !isNaN(call.startMs)
  if (!hasStart) call.startMs = start === null ? call.timeMs : start.startMs
  call.endMs = max(call.startMs, call.timeMs)
  if (start !== null) {
    call.takeEdges(start)
    releaseStart(start)
  }
  if (trajectory.hasAskedSpawns) takeAskedSpawns(trajectory, call)
  settleCall(trajectory, call, call.isMeasured ? MEASURED : hasStart || start !== null ? PAIRED : INFERRED)
}

/** A call that started and never ended. */
export function settleUnended(trajectory: Trajectory, start: PendingStart): void {
  // What ends soon has ended.
  if (start.kept === 0) return
  unendedCalls++
  if (!start.isInferred) trajectory.toolCalls++
  tellUnended(trajectory, start, takeEdge())
}

/** Notes which open calls `settleAsked` will tell of. */
export function noteInferred(trajectory: Trajectory, asked: Asked): void {
  for (let index: u32 = 0; index < asked.count; index++) {
    const call = asked.at(index)
    const open = call.hasId ? findOpen(trajectory, call.id) : null
    if (open !== null && !isToldOf(trajectory, call)) open.isInferred = true
  }
}

/** The calls that nobody reported took, as far as one can tell, until the next request. */
export function settleAsked(trajectory: Trajectory, asked: Asked, endMs: f64): void {
  for (let index: u32 = 0; index < asked.count; index++) {
    const askedCall = asked.at(index)
    if (isToldOf(trajectory, askedCall)) continue
    const call = createCall(askedCall.id)
    call.asked = asked.kept
    call.askedCall = index
    call.startMs = asked.endMs
    call.endMs = endMs
    call.takeEdges(askedCall)
    const open = askedCall.hasId ? findOpen(trajectory, askedCall.id) : null
    if (open !== null) {
      open.isInferred = true
      call.isTwofold = true
      call.copyEdges(open)
      open.spawnsBefore = open.edges
    }
    settleCall(trajectory, call, INFERRED)
  }
  releaseAsked(asked)
}

function settleCall(trajectory: Trajectory, call: PendingCall, timing: i32): void {
  call.edgeId = takeEdge()
  trajectory.toolCalls++
  trajectory.cover(call.startMs, call.endMs)
  tellCall(trajectory, call, timing)
  const forgotten: PendingCall | null =
    trajectory.contextFree || call.isTwofold ? call : trajectory.waiting.add(call)
  if (forgotten !== null) releaseCall(forgotten)
}

/** The same end was read before, and its call is not open once more. */
function isRepeated(trajectory: Trajectory, call: PendingCall, start: PendingStart | null): bool {
  if (isNaN(call.startedAtMs)) return false
  const mixed = (within(trajectory, call.id) ^ reinterpret<u64>(call.startedAtMs)) * 0x9e3779b97f4a7c15
  return !closed.add(mixed ^ (mixed >> 29)) && start === null
}

/** Somebody reported it. */
function isToldOf(trajectory: Trajectory, call: AskedCall): bool {
  if (call.isReported) return true
  // A call without an id cannot be told from the reported ones.
  return call.hasId ? isReported(trajectory, call.id) : trajectory.hasReports
}

/**
 * Within one millisecond the order of rows means nothing: an end belongs to
 * a call from before if there is one, else to one that starts now.
 */
function takeStart(trajectory: Trajectory, end: PendingCall): PendingStart | null {
  const start = takeOpen(trajectory, end.id, end.startedAtMs, 0)
  if (start !== null) return start
  const queue = trajectory.queue
  for (let ahead: u32 = 0; ahead < queue.count; ahead++) {
    const place = queue.at(ahead)
    if (place.timeMs > end.timeMs) break
    if (place.kind !== START) continue
    const next = changetype<PendingStart>(place.item)
    if (next.id !== end.id || next.isTaken) continue
    next.isTaken = true
    settleStart(trajectory, next)
  }
  return takeOpen(trajectory, end.id, end.startedAtMs, SAME_START_MS)
}

/** The start of a call that has no end: one that is open, or one that is about to be. */
function findOpen(trajectory: Trajectory, id: u64): PendingStart | null {
  const latest = latestOpen(trajectory, id)
  if (latest !== null) return latest
  const next = nextOf(trajectory, id)
  return next !== -1 && trajectory.queue.at(next).kind === START
    ? changetype<PendingStart>(trajectory.queue.at(next).item)
    : null
}

/** Whether the next thing that is known of a call is its end. */
function endsSoon(trajectory: Trajectory, start: PendingStart): bool {
  if (latestOpen(trajectory, start.id) !== null) return false
  const next = nextOf(trajectory, start.id)
  if (next === -1 || trajectory.queue.at(next).kind !== CALL) return false
  const end = changetype<PendingCall>(trajectory.queue.at(next).item)
  return !(abs(end.startedAtMs - start.startMs) > SAME_START_MS)
}

/** Place of what is pending of a call, the earliest, as far as is looked ahead; -1 where there is nothing. */
function nextOf(trajectory: Trajectory, id: u64): i32 {
  const queue = trajectory.queue
  const count = min(queue.count, LOOK_AHEAD)
  for (let ahead: u32 = 0; ahead < count; ahead++) {
    const place = queue.at(ahead)
    if (place.kind <= START && changetype<Spawner>(place.item).id === id) return ahead
  }
  return -1
}

/**
 * Gives a call the edges to trajectories that began while only the request
 * that asked for it was known: it has been reported after all.
 */
function takeAskedSpawns(trajectory: Trajectory, call: PendingCall): void {
  const asked = trajectory.asked
  if (asked !== null) takeSpawnsOf(asked, call)
  const queue = trajectory.queue
  const count = min(queue.count, LOOK_AHEAD)
  for (let ahead: u32 = 0; ahead < count; ahead++) {
    const place = queue.at(ahead)
    if (place.kind === INFERENCE) takeSpawnsOf(changetype<Asked>(place.item), call)
  }
}

function takeSpawnsOf(asked: Asked, call: PendingCall): void {
  for (let index: u32 = 0; index < asked.count; index++) {
    const askedCall = asked.at(index)
    if (askedCall.hasId && askedCall.id === call.id) call.takeEdges(askedCall)
  }
}

/** Ids of calls are told apart within a trajectory only. */
@inline
export function within(trajectory: Trajectory, id: u64): u64 {
  return id ^ (<u64>trajectory.index * 0x9e3779b97f4a7c15)
}
