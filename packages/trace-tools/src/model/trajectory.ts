// SPDX-License-Identifier: Apache-2.0
import type { TrajectoryState } from './model-sink.ts'
import type { Interval } from './trace-model.ts'

/** Who a trajectory is, and what harnesses tell of it; what happens in it is known when it is over. */
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
}
