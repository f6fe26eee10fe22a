// SPDX-License-Identifier: Apache-2.0
import { forgetStart } from './host'
import { allocate, release } from '../memory'
import { OpenId } from './open-ids'
import { Spawner } from './spawner'

/** How many things of a trajectory that follow are looked through for what belongs to the one that is settled. */
export const LOOK_AHEAD: u32 = 256

/**
 * What waits for its turn, by the time at which it ended; at the same moment
 * the lower kind comes first: what ended comes before what starts, and tools
 * before requests, so that a result comes before who got it.
 */
export const CALL: u32 = 0
export const START: u32 = 1
export const INFERENCE: u32 = 2
export const REQUEST: u32 = 3

/** What the finish of a request says of the calls that it asked for. */
export const NO_FINISH: u32 = 0
/** The hashes of the row are those of the calls; of any other finish the ids have to be looked for in its text. */
export const REGULAR_FINISH: u32 = 2

@unmanaged
export class PendingRequest {
  timeMs: f64
  startMs: f64
  endMs: f64
  /** Stages as durations from the start, as in RequestSpan. */
  waitEndMs: f64
  prefillEndMs: f64
  decodeStartMs: f64
  /** As the row says them; NaN where it does not. */
  queueDepth: f64
  inputTokens: f64
  outputTokens: f64
  cachedTokens: f64
  kvHitRate: f64
  blockSize: f64
  /** A hash of the workers that served it; 0 where the row does not say. */
  workers: u32
  slot: u32
  row: u32
  finish: u32
  /** Hashes of the calls that the row names. */
  calls: usize
  callCount: u32
}

/** A call whose start was read: it waits for its turn, and from then on for its end. */
@unmanaged
export class PendingStart extends Spawner {
  startMs: f64
  slot: u32
  row: u32
  isPending: bool
  isOpen: bool
  isFresh: bool
  /** An end of the same moment came first and opened it. */
  isTaken: bool
  /** The model's own account of the call stands in for its end. */
  isInferred: bool
  /** How many trajectories it had started by then, see SPAWNS_BEFORE in told.ts. */
  spawnsBefore: u32
  /** What is known of the call should it never end, see keepStart(); 0 where its end is known to come. */
  kept: u32
  /** Where it stands while it is open. */
  openId: OpenId
  /** Others with the same id, by start. */
  earlier: PendingStart | null
  later: PendingStart | null
  /** Others of the trajectory that have started no trajectory yet. */
  freshBefore: PendingStart | null
  freshAfter: PendingStart | null
}

/**
 * A tool call: it waits for its turn since its end was read, unless nobody
 * reported it, is handed on, and is remembered until a request gets its result.
 */
@unmanaged
export class PendingCall extends Spawner {
  timeMs: f64
  /** As the row says; NaN where it does not. */
  startedAtMs: f64
  /** When the call started, as far as the row tells; NaN where only a start row can. */
  startMs: f64
  endMs: f64
  slot: u32
  row: u32
  edgeId: u32
  failed: bool
  /** The row tells how long the call took. */
  isMeasured: bool
  isTwofold: bool
  /** Nobody reported it: what is known of it, see keepAsked(), and which of those calls it is. */
  asked: u32
  askedCall: u32
}

@inline
export function createRequest(): PendingRequest {
  return changetype<PendingRequest>(allocate(offsetof<PendingRequest>()))
}

export function createStart(id: u64): PendingStart {
  const start = changetype<PendingStart>(allocate(offsetof<PendingStart>()))
  start.begin(id)
  start.isPending = true
  start.isOpen = false
  start.isFresh = false
  start.isTaken = false
  start.isInferred = false
  start.spawnsBefore = 0
  start.kept = 0
  return start
}

/** Nobody looks at a start any more that has had its turn and is not open. */
export function releaseStart(start: PendingStart): void {
  if (start.isPending || start.isOpen) return
  if (start.kept !== 0) forgetStart(start.kept)
  start.releaseEdges()
  release(changetype<usize>(start), offsetof<PendingStart>())
}

export function createCall(id: u64): PendingCall {
  const call = changetype<PendingCall>(allocate(offsetof<PendingCall>()))
  call.begin(id)
  call.failed = false
  call.isTwofold = false
  call.asked = 0
  call.askedCall = 0
  return call
}

@inline
export function releaseRequest(request: PendingRequest): void {
  release(changetype<usize>(request), offsetof<PendingRequest>())
}

export function releaseCall(call: PendingCall): void {
  call.releaseEdges()
  release(changetype<usize>(call), offsetof<PendingCall>())
}
