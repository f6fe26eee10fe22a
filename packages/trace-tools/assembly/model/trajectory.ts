// SPDX-License-Identifier: Apache-2.0
import { allocateZeros } from '../memory'
import { Table } from '../table'
import { Asked } from './asked'
import { OpenId } from './open-ids'
import { PendingStart } from './pending'
import { PendingQueue } from './pending-queue'
import { WaitingCalls } from './waiting-calls'

/** All that is known of a trajectory while its trace is read: its memory grows with what is open, not with its rows. */
@unmanaged
export class Trajectory {
  index: u32
  contextFree: bool
  /** A row has told who its parent is. */
  isChild: bool
  /** The harness reported any tool call. */
  hasReports: bool
  /** A trajectory began during a call of which only the request that asked for it was known. */
  hasAskedSpawns: bool
  /** Its first request is settled, and with it where the trajectory came from. */
  hasBegun: bool
  /** The id of the request that started last is remembered, see rememberLast(). */
  hasLastId: bool
  /** Of its open calls those are listed that have started no trajectory yet. */
  listsFresh: bool
  /** Calls were opened since it rested. */
  hasOpened: bool
  /** Which batch of the trace had its last row. */
  lastBatch: u32
  requests: u32
  toolCalls: u32
  startMs: f64
  endMs: f64
  /** When the settled request began that began last. */
  lastRequestStartMs: f64
  /** What the last request asked for, until the next one begins. */
  asked: Asked | null
  /** Calls that started and have not ended, by id in the order in which the ids came. */
  firstOpen: OpenId | null
  lastOpen: OpenId | null
  firstFresh: PendingStart | null
  lastFresh: PendingStart | null
  /** Of the latest settled requests, for the trajectories that began after them; NaN where there was none. */
  end0: f64
  end1: f64
  end2: f64
  end3: f64
  /** What was read and is not settled, by time. */
  queue: PendingQueue
  /** Calls that ended since the last request began. */
  waiting: WaitingCalls

  /** Widens the trajectory by what happened in it. */
  @inline
  cover(startMs: f64, endMs: f64): void {
    if (startMs < this.startMs) this.startMs = startMs
    if (endMs > this.endMs) this.endMs = endMs
  }

  /** Lets go of memory that is of use only while rows come. */
  rest(): void {
    this.queue.rest()
    this.waiting.rest()
    if (this.firstOpen !== null) return
    this.listsFresh = false
    this.hasOpened = false
  }

  rememberEnd(requestEndMs: f64): void {
    this.end0 = this.end1
    this.end1 = this.end2
    this.end2 = this.end3
    this.end3 = requestEndMs
  }

  /** When the latest request ended that had ended by a time; NaN where none is known. */
  endBy(timeMs: f64): f64 {
    if (Math.floor(this.end3) <= timeMs) return this.end3
    if (Math.floor(this.end2) <= timeMs) return this.end2
    if (Math.floor(this.end1) <= timeMs) return this.end1
    if (Math.floor(this.end0) <= timeMs) return this.end0
    return NaN
  }
}

/** All of them, by index. */
const all = changetype<Table>(memory.data(offsetof<Table>(), 8))

@inline
export function trajectoryAt(index: u32): Trajectory {
  return changetype<Trajectory>(all.at(index))
}

@inline
export function trajectoryCount(): u32 {
  return all.count
}

export function createTrajectory(contextFree: bool): void {
  const queueAt: u32 = <u32>((offsetof<Trajectory>() + 7) & ~7)
  const waitingAt: u32 = queueAt + <u32>offsetof<PendingQueue>()
  const block = allocateZeros(waitingAt + <u32>offsetof<WaitingCalls>())
  const trajectory = changetype<Trajectory>(block)
  trajectory.index = all.count
  trajectory.contextFree = contextFree
  trajectory.startMs = Infinity
  trajectory.endMs = -Infinity
  trajectory.lastRequestStartMs = -Infinity
  trajectory.end0 = NaN
  trajectory.end1 = NaN
  trajectory.end2 = NaN
  trajectory.end3 = NaN
  // Both stand right behind, so that they are read together.
  trajectory.queue = changetype<PendingQueue>(block + queueAt)
  trajectory.queue.begin()
  trajectory.waiting = changetype<WaitingCalls>(block + waitingAt)
  all.push(block)
}

export function makeChild(index: u32): void {
  trajectoryAt(index).isChild = true
}
