// SPDX-License-Identifier: Apache-2.0
import { emptyBatch, type RowBatch, type RowReference } from '../read/row-batch.ts'
import type { AskedCalls } from './asked-calls.ts'
import type { AskedCall, RequestSpan, SpawnedBy, ToolCallSpan } from './model-sink.ts'
import type { HashedCall, OpenStart } from './open-calls.ts'
import type { ToolTiming } from './trace-model.ts'
import type { Trajectory } from './trajectory.ts'

/** How many things of a trajectory that follow are looked through for what belongs to the one that is settled. */
export const LOOK_AHEAD = 256

/**
 * What was read of a trajectory and waits for its turn: `timeMs` is when it
 * ended, by which things are settled, and `rank` decides at the same moment:
 * what ended comes before what starts, and tools before requests.
 *
 * These objects are used again (see Pool), and their numbers begin as NaN so
 * that they are kept as doubles in place from the first one on.
 */
export type Pending = PendingRequest | PendingStart | PendingCall | PendingInference

/** A reference that is pointed at one row after another. */
class MovableRow implements RowReference {
  batch: RowBatch = emptyBatch
  row = 0

  pointAt(batch: RowBatch, row: number): void {
    this.batch = batch
    this.row = row
  }
}

/** The list of who has none: an array of its own would cost as much as the rest. */
export const none: readonly never[] = []

/** A request as it is handed on. */
export class PendingRequest implements RequestSpan {
  readonly kind = 'request'
  readonly rank = 3
  timeMs = Number.NaN
  trajectory: Trajectory
  readonly row = new MovableRow()
  startMs = Number.NaN
  endMs = Number.NaN
  waitEndMs = Number.NaN
  prefillEndMs = Number.NaN
  decodeStartMs = Number.NaN
  results: readonly PendingCall[] = none
  spawn: SpawnedBy | undefined = undefined

  constructor(trajectory: Trajectory) {
    this.trajectory = trajectory
  }
}

/** A call whose start was read: it waits for its turn, and from then on for its end. */
export class PendingStart implements HashedCall {
  readonly kind = 'tool start'
  readonly rank = 1
  timeMs = Number.NaN
  low = 0
  high = 0
  readonly row = new MovableRow()
  /** An end of the same moment came first and opened it. */
  isTaken = false
  /** What is known of the call should it never end; absent where its end is known to come. */
  start: OpenStart | undefined = undefined
  /** Edges to the trajectories that began during the call. */
  readonly spawns: number[] = []
  /** The model's own account of the call stands in for its end. */
  isInferred = false

  get startMs(): number {
    return this.timeMs
  }
}

/**
 * A tool call: it waits for its turn since its end was read, unless nobody
 * reported it, is handed on, and is remembered until a request gets its result.
 */
export class PendingCall implements ToolCallSpan, HashedCall {
  readonly kind = 'tool'
  readonly rank = 0
  timeMs = Number.NaN
  low = 0
  high = 0
  trajectory: Trajectory
  /** Where the end stands; means nothing for a call that nobody reported. */
  readonly end = new MovableRow()
  /** The end, until it is forgotten. */
  row: RowReference | undefined = undefined
  failed = false
  /** As the row says; NaN where it does not. */
  startedAtMs = Number.NaN
  /** When the call started, as far as the row tells; NaN where only a start row can. */
  startMs = Number.NaN
  endMs = Number.NaN
  /** The row tells how long the call took. */
  isMeasured = false
  timing: ToolTiming = 'measured'
  toolCallId: string | undefined = undefined
  toolClass = ''
  details: Uint8Array | undefined = undefined
  asked: AskedCall | undefined = undefined
  isTwofold = false
  edgeId = 0
  /** Edges to the trajectories that began during the call. */
  readonly spawns: number[] = []

  constructor(trajectory: Trajectory) {
    this.trajectory = trajectory
  }
}

/** The calls that a request asked for, up to the next request: settled where that one begins. */
export interface PendingInference {
  readonly kind: 'inference'
  readonly rank: 2
  readonly timeMs: number
  readonly asked: AskedCalls
}
