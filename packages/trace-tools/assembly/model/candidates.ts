// SPDX-License-Identifier: Apache-2.0
import { PROVENANCE_DERIVED, PROVENANCE_INFERRED } from '../../src/model/told'
import { Asked } from './asked'
import { firstFresh, firstOpen, latestOpen, nextOpen } from './open-calls'
import { CALL, INFERENCE, PendingCall, PendingStart } from './pending'
import { Spawner } from './spawner'
import { Trajectory } from './trajectory'

/** Nothing says that calls which are open at a time are few. */
const MAX_CANDIDATES: u32 = 256

/** What a candidate is: open, known to end, only asked for, or ended. */
export const OPEN: u32 = 0
export const PENDING: u32 = 1
export const ONLY_ASKED: u32 = 2
export const ENDED: u32 = 3

/** A tool call of the parent that may have started the child. */
@unmanaged
export class Candidate {
  startMs: f64
  /** Infinity where the end is not known yet. */
  endMs: f64
  call: Spawner
  kind: u32
  provenance: i32
  hasId: bool
}

// One more is made of a call that the child's id names.
const candidates: usize = memory.data(offsetof<Candidate>() * 257, 8)

export let candidateCount: u32 = 0

@inline
export function candidateAt(index: u32): Candidate {
  return changetype<Candidate>(candidates + index * offsetof<Candidate>())
}

/** Lists the calls that had started by then, as far as they are looked at. */
export function listCandidates(parent: Trajectory, atMs: f64): void {
  candidateCount = 0
  listOpen(parent, atMs)
  const queue = parent.queue
  const ahead = min(queue.count, MAX_CANDIDATES)
  for (let index: u32 = 0; index < ahead; index++) {
    const place = queue.at(index)
    if (place.kind !== CALL) continue
    const call = changetype<PendingCall>(place.item)
    // A call whose start was reported stands among the open ones.
    if (call.startMs <= atMs && latestOpen(parent, call.id) === null) add(PENDING, call, call.startMs, call.timeMs)
  }
  for (let index: u32 = 0; index < ahead; index++) {
    const place = queue.at(index)
    if (place.kind === INFERENCE) listAsked(parent, changetype<Asked>(place.item), place.timeMs, atMs)
  }
  const asked = parent.asked
  if (asked !== null) listAsked(parent, asked, Infinity, atMs)
  listEnded(parent, atMs)
}

/** An open call that is looked at although it is none of those that are listed, perhaps. */
export function takeOpenCandidate(start: PendingStart): Candidate {
  return fill(candidateAt(MAX_CANDIDATES), OPEN, start, start.startMs, Infinity)
}

/** The others only where all have started a trajectory. */
function listOpen(parent: Trajectory, atMs: f64): void {
  const isFresh = firstFresh(parent) !== null
  let start = isFresh ? firstFresh(parent) : firstOpen(parent)
  while (start !== null && candidateCount < MAX_CANDIDATES) {
    if (start.startMs <= atMs) add(OPEN, start, start.startMs, endOf(parent, <u32>start.id))
    start = isFresh ? start.freshAfter : nextOpen(start)
  }
}

function listAsked(parent: Trajectory, asked: Asked, endMs: f64, atMs: f64): void {
  if (!(asked.endMs <= atMs)) return
  for (let index: u32 = 0; index < asked.count; index++) {
    const call = asked.at(index)
    if (call.hasId && (endOf(parent, <u32>call.id) < Infinity || latestOpen(parent, call.id) !== null)) continue
    const candidate = add(ONLY_ASKED, call, asked.endMs, endMs)
    if (candidate === null) return
    candidate.hasId = call.hasId
    candidate.provenance = PROVENANCE_INFERRED
  }
}

function listEnded(parent: Trajectory, atMs: f64): void {
  const waiting = parent.waiting
  const first = max(0, <i32>waiting.count - <i32>MAX_CANDIDATES)
  for (let index = <u32>first; index < waiting.count; index++) {
    const call = waiting.at(index).call
    if (!(call.startMs <= atMs)) continue
    const candidate = add(ENDED, call, call.startMs, call.endMs)
    if (candidate === null) return
    candidate.hasId = call.asked === 0
  }
}

/** When a call ends whose end was read; Infinity where it was not, or is not looked at. */
function endOf(parent: Trajectory, low: u32): f64 {
  const queue = parent.queue
  let endMs = Infinity
  const ahead = min(queue.count, MAX_CANDIDATES)
  for (let index: u32 = 0; index < ahead; index++) {
    const place = queue.at(index)
    if (place.kind === CALL && <u32>changetype<PendingCall>(place.item).id === low) endMs = place.timeMs
  }
  return endMs
}

/** @returns null where there are too many. */
function add(kind: u32, call: Spawner, startMs: f64, endMs: f64): Candidate | null {
  if (candidateCount === MAX_CANDIDATES) return null
  return fill(candidateAt(candidateCount++), kind, call, startMs, endMs)
}

function fill(candidate: Candidate, kind: u32, call: Spawner, startMs: f64, endMs: f64): Candidate {
  candidate.kind = kind
  candidate.call = call
  candidate.startMs = startMs
  candidate.endMs = endMs
  candidate.provenance = PROVENANCE_DERIVED
  candidate.hasId = true
  return candidate
}
