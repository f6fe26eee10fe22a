// SPDX-License-Identifier: Apache-2.0
import { createBusyTimeSweep, type BusyTime } from './busy-time.ts'
import { createLaneCounter } from './lanes.ts'
import type { PlannedCall } from './plan-turn.ts'
import type { ServedRequest } from './serving.ts'

/**
 * The fewest lanes on which the spans of a trajectory do not overlap, of all
 * trajectories together. Requests without a session share one trajectory.
 */
export interface LaneTruth {
  readonly requests: number
  /**
   * For the calls of which it is known how far they go on. Where the end of one
   * is not reported, that is the next request, if the row of the request before
   * names the call: Dynamo 1.3 and later do that.
   */
  readonly toolCalls: number
  /**
   * The other calls that started. In rows of Dynamo 1.2 nothing tells when one
   * of them was over, nor in any rows when the session was given up meanwhile.
   * How far they are drawn is up to who draws them, and each may take a lane more.
   */
  readonly openEnded: number
}

export type RowType = 'request_end' | 'tool_start' | 'tool_end' | 'tool_error'

/**
 * What a generated trace holds, known from making it and not from reading it.
 * The names mean what they mean in TraceSummary.
 */
export interface Truth {
  readonly rows: Readonly<Record<RowType, number>>
  /** Of the rows as text, line ends included. */
  readonly bytes: number
  readonly sessions: number
  /** Of those sessions. */
  readonly trajectories: number
  /** Trajectories from a root to the deepest one below it, the root included. */
  readonly levels: number
  readonly requests: number
  /** Those of them without a session. */
  readonly unattributedRequests: number
  readonly toolCalls: {
    readonly total: number
    readonly errors: number
    readonly cancelled: number
    readonly inferred: number
    readonly unended: number
  }
  readonly tokens: { readonly input: number; readonly output: number; readonly cached: number }
  /** Wall time in nanoseconds: each moment counts for the first layer that is busy in it. */
  readonly busyNs: BusyTime
  readonly edges: { readonly spawn: number; readonly result: number }
  readonly lanes: LaneTruth
  /** Epoch milliseconds of the first request's start. */
  readonly startMs: number
  /** From there to the last end of anything. */
  readonly durationNs: number
}

/** The hand that writes the truth down while the trace is made. Times in nanoseconds from the start of the trace. */
export class TruthTaker {
  readonly busyTime = createBusyTimeSweep()
  readonly #rows = { request_end: 0, tool_start: 0, tool_end: 0, tool_error: 0 }
  readonly #toolCalls = { total: 0, errors: 0, cancelled: 0, inferred: 0, unended: 0 }
  readonly #edges = { spawn: 0, result: 0 }
  readonly #tokens = { input: 0, output: 0, cached: 0 }
  readonly #lanes = { requests: 0, toolCalls: 0, openEnded: 0 }
  readonly #unattributedLanes = createLaneCounter()
  #bytes = 0
  #sessions = 0
  #trajectories = 0
  #levels = 0
  #requests = 0
  #unattributedRequests = 0
  #startNs = Infinity
  #endNs = 0

  countRow(type: RowType, bytes: number): void {
    this.#rows[type]++
    this.#bytes += bytes
  }

  beginSession(startNs: number): void {
    this.#sessions++
    this.busyTime.open('agent', startNs)
    this.#startNs = Math.min(this.#startNs, startNs)
  }

  endSession(endNs: number): void {
    this.busyTime.close('agent', endNs)
    this.#endNs = Math.max(this.#endNs, endNs)
  }

  /** @param level 1 for a root. */
  countTrajectory(level: number, lanes: LaneTruth): void {
    this.#trajectories++
    this.#levels = Math.max(this.#levels, level)
    this.#lanes.requests += lanes.requests
    this.#lanes.toolCalls += lanes.toolCalls
    this.#lanes.openEnded += lanes.openEnded
  }

  /** Told when the request is planned, which is not after its start; requests without a session at their start. */
  countRequest(request: ServedRequest, { attributed }: { readonly attributed: boolean }): void {
    const { startNs, waitNs, ttftNs, totalNs } = request
    const endNs = startNs + totalNs
    this.#requests++
    this.#tokens.input += request.inputTokens
    this.#tokens.output += request.outputTokens
    this.#tokens.cached += request.cachedTokens
    // These stages cover the request, so that there is nothing to add for its own layer.
    this.busyTime.add('prefill wait', startNs, startNs + waitNs)
    this.busyTime.add('prefill', startNs + waitNs, startNs + ttftNs)
    this.busyTime.add('decode', startNs + ttftNs, endNs)
    if (attributed) return
    this.#unattributedRequests++
    this.#unattributedLanes.add(startNs, endNs)
    this.#endNs = Math.max(this.#endNs, endNs)
  }

  /** A call that rows tell of. */
  countCall({ rows, outcome }: PlannedCall): void {
    this.#toolCalls.total++
    if (rows === 1) this.#toolCalls.unended++
    else if (outcome === 'error') this.#toolCalls.errors++
    else if (outcome === 'cancelled') this.#toolCalls.cancelled++
  }

  /** A call that is known because the model asked for it. */
  countInferredCall(): void {
    this.#toolCalls.total++
    this.#toolCalls.inferred++
  }

  countEdges(kind: 'spawn' | 'result', count: number): void {
    this.#edges[kind] += count
  }

  /** @param epochMs What time 0 of the trace is on the clock. */
  finish(epochMs: number): Truth {
    const startNs = Math.min(this.#startNs, this.#endNs)
    return {
      rows: this.#rows,
      bytes: this.#bytes,
      sessions: this.#sessions,
      trajectories: this.#trajectories,
      levels: this.#levels,
      requests: this.#requests,
      unattributedRequests: this.#unattributedRequests,
      toolCalls: this.#toolCalls,
      tokens: this.#tokens,
      busyNs: this.busyTime.finish(),
      edges: this.#edges,
      lanes: { ...this.#lanes, requests: this.#lanes.requests + this.#unattributedLanes.lanes },
      startMs: epochMs + startNs / 1e6,
      durationNs: this.#endNs - startNs,
    }
  }
}
