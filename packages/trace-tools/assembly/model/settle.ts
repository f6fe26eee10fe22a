// SPDX-License-Identifier: Apache-2.0
import { MAX_RESULTS } from '../../src/model/told'
import { Asked, createAsked, releaseAsked } from './asked'
import { expectLast, expectNext, forgetLast, keepAsked, parentOf, rememberLast } from './host'
import { closeAll, firstOpen, nextOpen } from './open-calls'
import { Order } from './order'
import {
  CALL,
  INFERENCE,
  LOOK_AHEAD,
  NO_FINISH,
  PendingCall,
  PendingRequest,
  PendingStart,
  REGULAR_FINISH,
  releaseCall,
  releaseRequest,
  releaseStart,
  REQUEST,
  START,
} from './pending'
import { isReported, noteInferred, settleAsked, settleEnd, settleStart, settleUnended } from './settle-calls'
import { findSpawn } from './spawn'
import { beginRequest, tellRequest, tellResult } from './telling'
import { Trajectory, trajectoryAt } from './trajectory'

/** Takes note of a request when it is read: it may be the next one that asked calls wait for. */
export function noteRequest(trajectory: Trajectory, request: PendingRequest): void {
  const asked = trajectory.asked
  if (asked === null || request.startMs < asked.startMs) return
  trajectory.asked = null
  expect(trajectory, asked, request)
}

/** Settles everything of a trajectory up to a time, in order. */
export function settle(trajectory: Trajectory, untilMs: f64): void {
  const queue = trajectory.queue
  // Settling one thing may put in another, so the first one is always looked up anew.
  while (queue.isDue(untilMs)) {
    const place = queue.at(0)
    const item = place.item
    const kind = place.kind
    const timeMs = place.timeMs
    queue.drop()
    if (kind === REQUEST) settleRequest(trajectory, changetype<PendingRequest>(item))
    else if (kind === CALL) settleEnd(trajectory, changetype<PendingCall>(item))
    else if (kind === START) takeTurn(trajectory, changetype<PendingStart>(item))
    else settleAsked(trajectory, changetype<Asked>(item), timeMs)
  }
}

const unended = changetype<Order>(memory.data(offsetof<Order>(), 8))
unended.begin(16)

/**
 * Settles what was waiting for something that never came. What began and
 * never ended lasts up to the end of the trajectory, so the first to start
 * comes first; a call that was only asked for is drawn longer than it is.
 */
export function finish(trajectory: Trajectory): void {
  settle(trajectory, Infinity)
  const asked = trajectory.asked
  trajectory.asked = null
  if (asked !== null) noteInferred(trajectory, asked)
  unended.count = 0
  let start = firstOpen(trajectory)
  while (start !== null) {
    unended.add(start.startMs, changetype<usize>(start))
    start = nextOpen(start)
  }
  unended.sort()
  settleAllUnended(trajectory, false)
  if (asked !== null) settleAsked(trajectory, asked, asked.endMs)
  settleAllUnended(trajectory, true)
  closeAll(trajectory)
}

function settleAllUnended(trajectory: Trajectory, inferred: bool): void {
  for (let index: u32 = 0; index < unended.count; index++) {
    const start = changetype<PendingStart>(unended.at(index).item)
    if (start.isInferred === inferred) settleUnended(trajectory, start)
  }
}

function takeTurn(trajectory: Trajectory, start: PendingStart): void {
  start.isPending = false
  if (start.isTaken) releaseStart(start)
  else settleStart(trajectory, start)
}

function settleRequest(trajectory: Trajectory, request: PendingRequest): void {
  trajectory.requests++
  let count: u32 = 0
  beginRequest()
  if (!trajectory.contextFree) {
    count = takeResults(trajectory, request.startMs)
    if (!trajectory.hasBegun) tellSpawn(trajectory, request)
  }
  tellRequest(trajectory, request, count)
  if (request.finish !== NO_FINISH) settleAsking(trajectory, request)
  trajectory.rememberEnd(request.endMs)
  if (request.startMs >= trajectory.lastRequestStartMs) {
    trajectory.lastRequestStartMs = request.startMs
    rememberId(trajectory, request)
  }
  for (let index: u32 = 0; index < count; index++) releaseCall(load<PendingCall>(results + (index << 2)))
  releaseRequest(request)
}

/** Only a request that began earlier and ends later asks for the id. */
@inline
export function rememberId(trajectory: Trajectory, request: PendingRequest): void {
  if (!trajectory.queue.startsInOrder) {
    rememberLast(trajectory.index, request.slot, request.row)
    trajectory.hasLastId = true
  } else if (trajectory.hasLastId) {
    forgetLast(trajectory.index)
    trajectory.hasLastId = false
  }
}

/** The calls whose results the request that is settled got. */
const results: usize = memory.data(MAX_RESULTS * 4, 8)

/**
 * Takes the calls that were over when the request began, unless another request began in between.
 *
 * @returns How many there are.
 */
function takeResults(trajectory: Trajectory, startMs: f64): u32 {
  const waiting = trajectory.waiting
  let taken: u32 = 0
  let kept: u32 = 0
  for (let index: u32 = 0; index < waiting.count; index++) {
    const place = waiting.at(index)
    const call = place.call
    const overMs = place.overMs
    if (overMs <= startMs && firstRequest(trajectory, overMs, startMs) === null) {
      tellResult(taken, call)
      store<PendingCall>(results + (taken++ << 2), call)
      continue
    }
    const to = waiting.at(kept++)
    to.call = call
    to.overMs = overMs
  }
  waiting.count = kept
  return taken
}

function settleAsking(trajectory: Trajectory, request: PendingRequest): void {
  if (request.finish === REGULAR_FINISH && areAllReported(trajectory, request)) return
  const startMs = request.startMs
  const asked = createAsked(startMs, request.endMs)
  beingAsked = asked
  asked.kept = keepAsked(trajectory.index, request.slot, request.row, startMs, request.endMs)
  if (asked.kept === 0) {
    releaseAsked(asked)
    return
  }
  markReported(trajectory, asked)
  const next = firstRequest(trajectory, startMs, Infinity)
  if (trajectory.lastRequestStartMs > startMs) {
    const lastMs = trajectory.lastRequestStartMs
    expectLast(asked.kept, trajectory.index, lastMs)
    infer(trajectory, asked, lastMs)
  } else if (next !== null) {
    expect(trajectory, asked, next)
  } else {
    if (trajectory.asked !== null) releaseAsked(trajectory.asked!)
    trajectory.asked = asked
  }
}

function areAllReported(trajectory: Trajectory, request: PendingRequest): bool {
  for (let index: u32 = 0; index < request.callCount; index++) {
    if (!isReported(trajectory, load<u64>(request.calls + (index << 3)))) return false
  }
  return true
}

/** Marks the calls whose ends were read: the next request may be hours away, and by then the ends forgotten. */
function markReported(trajectory: Trajectory, asked: Asked): void {
  for (let index: u32 = 0; index < asked.count; index++) {
    const call = asked.at(index)
    if (call.hasId) call.isReported = isReported(trajectory, call.id)
  }
}

function areMarkedReported(asked: Asked): bool {
  for (let index: u32 = 0; index < asked.count; index++) if (!asked.at(index).isReported) return false
  return true
}

/** What keepAsked() hands over is put in here. */
let beingAsked: Asked | null = null

export function addAskedCall(hasId: bool, low: u32, high: u32): void {
  const asked = beingAsked
  if (asked !== null) asked.add(hasId, <u64>low | (<u64>high << 32))
}

export function isReportedIn(trajectory: u32, low: u32, high: u32): bool {
  return isReported(trajectoryAt(trajectory), <u64>low | (<u64>high << 32))
}

function expect(trajectory: Trajectory, asked: Asked, next: PendingRequest): void {
  // Calls that are reported are not told as asked for.
  if (!areMarkedReported(asked)) expectNext(asked.kept, next.slot, next.row, next.startMs)
  infer(trajectory, asked, next.startMs)
}

/** The calls that a request asked for lasted up to the next one: they are settled where that one begins. */
function infer(trajectory: Trajectory, asked: Asked, nextMs: f64): void {
  trajectory.queue.insert(INFERENCE, changetype<usize>(asked), max(asked.endMs, nextMs))
}

function tellSpawn(trajectory: Trajectory, request: PendingRequest): void {
  if (!trajectory.isChild) return
  // One that began earlier and takes longer is the first.
  if (firstRequest(trajectory, -Infinity, request.startMs) !== null) return
  trajectory.hasBegun = true
  const parent = parentOf(trajectory.index)
  if (parent >= 0) findSpawn(trajectory, request, trajectoryAt(parent))
}

/**
 * The pending request that starts first, of those that start in this time.
 * Mostly requests end in the order in which they began, and the first one
 * that is met is the one.
 */
function firstRequest(trajectory: Trajectory, fromMs: f64, beforeMs: f64): PendingRequest | null {
  const queue = trajectory.queue
  const count = min(queue.count, LOOK_AHEAD)
  let first: PendingRequest | null = null
  for (let ahead: u32 = 0; ahead < count; ahead++) {
    const place = queue.at(ahead)
    if (place.kind !== REQUEST) continue
    const request = changetype<PendingRequest>(place.item)
    const startMs = request.startMs
    if (startMs >= fromMs && startMs < beforeMs && (first === null || startMs < first.startMs)) first = request
    if (queue.startsInOrder && startMs >= fromMs) break
  }
  return first
}
