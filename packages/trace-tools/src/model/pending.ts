// SPDX-License-Identifier: Apache-2.0
import type { RowReference } from '../read/row-batch.ts'
import type { AskedCalls } from './asked-calls.ts'
import type { AskedCall, RequestSpan, SpawnedBy, ToolCallSpan } from './model-sink.ts'
import type { HashedCall } from './open-calls.ts'
import type { ToolTiming } from './trace-model.ts'
import type { Trajectory } from './trajectory.ts'

/**
 * What was read of a trajectory and waits for its turn: `timeMs` is when it
 * ended, by which things are settled.
 */
export type Pending = PendingRequest | PendingToolStart | PendingToolEnd | PendingInference

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

export interface PendingRequest extends Mutable<Omit<RequestSpan, 'trajectory' | 'spawn'>> {
  readonly rank: 3
  readonly timeMs: number
  readonly trajectory: Trajectory
  spawn?: SpawnedBy
}

export interface PendingToolStart extends HashedCall {
  readonly kind: 'tool start'
  readonly rank: 1
  readonly timeMs: number
  readonly row: RowReference
  /** An end of the same moment came first and took it. */
  taken: boolean
}

export interface PendingToolEnd extends HashedCall {
  readonly kind: 'tool end'
  readonly rank: 0
  readonly timeMs: number
  readonly row: RowReference
  readonly failed: boolean
  /** As the row says; NaN where it does not. */
  readonly startedAtMs: number
  /** When the call started, as far as the row tells; NaN where only a start row can. */
  readonly startMs: number
  /** The row tells how long the call took. */
  readonly isMeasured: boolean
  /** Trajectories that began during the call, if its start was not reported. */
  spawns: number[]
}

/** The calls that a request asked for, up to the next request: settled where that one begins. */
export interface PendingInference {
  readonly kind: 'inference'
  readonly rank: 2
  readonly timeMs: number
  readonly asked: AskedCalls
}

/** A tool call as it is handed on, and as it is remembered until a request gets its result. */
export interface ToolNode extends Mutable<Omit<ToolCallSpan, 'trajectory' | 'row' | 'details' | 'asked' | 'spawns'>> {
  readonly trajectory: Trajectory
  timing: ToolTiming
  row?: RowReference
  details?: Uint8Array
  asked?: AskedCall
  readonly spawns: number[]
  /** Of the id, for trajectories that are named after the call. */
  readonly hash?: HashedCall
}
