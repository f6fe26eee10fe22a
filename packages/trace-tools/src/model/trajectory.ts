// SPDX-License-Identifier: Apache-2.0
import type { AskedCalls } from './asked-calls.ts'
import type { TrajectoryState } from './model-sink.ts'
import type { OpenCalls } from './open-calls.ts'
import type { Interval } from './trace-model.ts'
import { PendingQueue } from './pending-queue.ts'
import { WaitingCalls } from './waiting-calls.ts'

/** All that is known of a trajectory while its trace is read: its memory grows with what is open, not with its rows. */
export class Trajectory implements TrajectoryState {
  readonly index: number
  readonly id: string
  readonly contextFree: boolean
  sessionId: string | undefined
  sessionTypeId: string | undefined = undefined
  parentId: string | undefined = undefined
  startMs = Infinity
  endMs = -Infinity
  requests = 0
  toolCalls = 0

  /** Between which times harnesses told of it, and what its turns have cost up to now. */
  harness: (Interval & { readonly costUsd?: number }) | undefined = undefined

  /** What was read and is not settled, by time. */
  readonly pending = new PendingQueue()
  /** Calls that started and have not ended. */
  open: OpenCalls | undefined = undefined
  /** Calls that ended since the last request began. */
  readonly waiting = new WaitingCalls()
  /** The harness reported any tool call. */
  hasReports = false
  /** What the last request asked for, until the next one begins. */
  asked: AskedCalls | undefined = undefined
  /** A trajectory began during a call of which only the request that asked for it was known. */
  hasAskedSpawns = false
  /** Its first request is settled, and with it where the trajectory came from. */
  hasBegun = false
  /** The settled request that started last; its id is known where requests overlap. */
  lastRequestId = ''
  lastRequestStartMs = -Infinity
  /** Of the latest settled requests, for the trajectories that began after them; NaN where there was none. */
  readonly requestEnds = [NaN, NaN, NaN, NaN]

  /** Which batch of the trace had its last row. */
  lastBatch = 0

  constructor(index: number, { id, sessionId, contextFree }: Pick<TrajectoryState, 'id' | 'sessionId' | 'contextFree'>) {
    this.index = index
    this.id = id
    this.sessionId = sessionId
    this.contextFree = contextFree
  }

  /** Widens the trajectory by what happened in it. */
  cover(startMs: number, endMs: number): void {
    if (startMs < this.startMs) this.startMs = startMs
    if (endMs > this.endMs) this.endMs = endMs
  }

  /** Lets go of memory that is of use only while rows come. */
  rest(): void {
    this.pending.rest()
    this.waiting.rest()
    if (this.open?.isEmpty === true) this.open = undefined
  }

  rememberEnd(requestEndMs: number): void {
    const ends = this.requestEnds
    for (let at = 1; at < ends.length; at++) ends[at - 1] = ends[at] ?? NaN
    ends[ends.length - 1] = requestEndMs
  }
}
