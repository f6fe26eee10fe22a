// SPDX-License-Identifier: Apache-2.0
import { fingerprintOf, kinds, kindOf, trajectories } from './model/columns'
import { heldAt } from './model/held-batches'
import { Order } from './model/order'
import { CALL, START } from './model/pending'
import { readRequest, readToolEnd, readToolStart } from './model/read-row'
import { RecentSet } from './model/recent-set'
import { finish as finishTrajectory, noteRequest, settle } from './model/settle'
import { noteEnd } from './model/settle-calls'
import { tellSettled } from './model/telling'
import { Trajectory, trajectoryAt, trajectoryCount } from './model/trajectory'
import { REQUEST_ROW, TOOL_START_ROW } from './row-layout'

export { callEnds, finishes, fingerprints, kinds, makeRoom, numbers, trajectories, workers } from './model/columns'
export { forget, hold } from './model/held-batches'
export { addAskedCall, isReportedIn } from './model/settle'
export { repeatedRows, unendedCalls } from './model/settle-calls'
export { tryName } from './model/spawn'
export { told, toldBytes } from './model/telling'
export { createTrajectory, makeChild, trajectoryCount } from './model/trajectory'

/** Rows that another one may repeat: a quarter of a million, as overlapping shards come in turns. */
const REMEMBERED_ROWS: u32 = 1 << 18

/** A trajectory without rows for so many batches rests: most are over. */
const REST_BATCHES: u32 = 256

/** Hashes of the rows that have come. */
const seen = changetype<RecentSet>(memory.data(offsetof<RecentSet>(), 8))
seen.begin(REMEMBERED_ROWS)

/** The rows that are settled together. */
const gathered = changetype<Order>(memory.data(offsetof<Order>(), 8))
gathered.begin(1024)

let batches: u32 = 0

/** Where what was read ahead goes to, so that it is read. */
let touched: u64 = 0

/** @returns Whether no row with this hash has come. */
export function isNew(low: u32, high: u32): bool {
  return seen.add(<u64>low | (<u64>high << 32))
}

/** Gives the rows that repeat another one the kind 0. @returns How many there are. */
export function dropRepeated(rows: u32): u32 {
  let dropped: u32 = 0
  // Rows stand all over the set: what is read together is waited for together.
  let words: u64 = 0
  for (let row: u32 = 0; row < rows; row++) words ^= seen.touch(fingerprintOf(row))
  touched = words
  for (let row: u32 = 0; row < rows; row++) {
    if (kindOf(row) === 0 || seen.add(fingerprintOf(row))) continue
    store<u8>(kinds + row, 0)
    dropped++
  }
  return dropped
}

/** Takes the rows of a batch that stands in the columns: they wait for their turn. */
export function take(slot: u32, rows: u32): void {
  const held = heldAt(slot)
  for (let row: u32 = 0; row < rows; row++) {
    if (kindOf(row) === 0) continue
    const trajectory = trajectoryAt(load<u32>(trajectories + (row << 2)))
    trajectory.lastBatch = batches
    held.add(takeRow(trajectory, slot, row, held.calls), changetype<usize>(trajectory))
  }
  if (++batches % REST_BATCHES === 0) restIdle()
}

function takeRow(trajectory: Trajectory, slot: u32, row: u32, calls: usize): f64 {
  const kind = kindOf(row)
  if (kind === REQUEST_ROW) {
    const request = readRequest(slot, row, calls)
    trajectory.cover(request.startMs, request.endMs)
    noteRequest(trajectory, request)
    trajectory.queue.insertRequest(changetype<usize>(request), request.timeMs, request.startMs)
    return request.timeMs
  }
  if (kind === TOOL_START_ROW) {
    const start = readToolStart(slot, row, calls)
    trajectory.cover(start.startMs, start.startMs)
    trajectory.queue.insert(START, changetype<usize>(start), start.startMs)
    return start.startMs
  }
  const end = readToolEnd(slot, row, calls)
  trajectory.cover(isNaN(end.startMs) ? end.timeMs : end.startMs, end.timeMs)
  noteEnd(trajectory, end.id)
  trajectory.queue.insert(CALL, changetype<usize>(end), end.timeMs)
  return end.timeMs
}

/** Adds the rows of a batch to those that are settled next. */
export function gather(slot: u32): void {
  const held = heldAt(slot)
  for (let index: u32 = 0; index < held.count; index++) {
    const turn = held.at(index)
    gathered.add(turn.timeMs, turn.item)
  }
}

/** Settles the rows of batches, all together in order of time. */
export function settleGathered(): void {
  gathered.sort()
  for (let index: u32 = 0; index < gathered.count; index++) {
    const turn = gathered.at(index)
    settle(changetype<Trajectory>(turn.item), turn.timeMs)
  }
  gathered.count = 0
  tellSettled()
}

/** Settles what never comes to its end, of all trajectories. */
export function finish(): void {
  for (let index: u32 = 0; index < trajectoryCount(); index++) finishTrajectory(trajectoryAt(index))
  tellSettled()
}

export function startOf(trajectory: u32): f64 {
  return trajectoryAt(trajectory).startMs
}

export function endOf(trajectory: u32): f64 {
  return trajectoryAt(trajectory).endMs
}

export function requestsOf(trajectory: u32): u32 {
  return trajectoryAt(trajectory).requests
}

export function toolCallsOf(trajectory: u32): u32 {
  return trajectoryAt(trajectory).toolCalls
}

/** Lets go of memory that is of use only while rows come. */
function restIdle(): void {
  for (let index: u32 = 0; index < trajectoryCount(); index++) {
    const trajectory = trajectoryAt(index)
    // One that is idle for longer has rested before.
    const age = batches - trajectory.lastBatch
    if (age > REST_BATCHES && age <= 2 * REST_BATCHES) trajectory.rest()
  }
}
