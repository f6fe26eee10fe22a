// SPDX-License-Identifier: Apache-2.0
import type { FinishToolCall, RequestRecord, ToolCall } from '@dynamo-agent/core'

/**
 * Where a fact comes from: `measured` was reported by Dynamo or the harness,
 * `derived` follows from measured facts, `inferred` is our best reading of them.
 */
export type Provenance = 'measured' | 'derived' | 'inferred'

/** A stretch of time in epoch milliseconds, which may be fractional. */
export interface Interval {
  readonly startMs: number
  readonly endMs: number
}

/** A whole trace: sessions › trajectories › requests and tool calls, and the edges between them. */
export interface TraceModel {
  /** By first start. */
  readonly sessions: readonly Session[]
  /** By start: which happening led to which. */
  readonly edges: readonly Edge[]
  /** From the first start to the last end; absent when the trace is empty. */
  readonly interval?: Interval
  /** Rows left out because another one says the same, as where shards of a trace overlap. */
  readonly duplicateRows?: number
}

/** One run of an agent with its subagents. */
export interface Session extends Interval {
  /** Absent for the requests that named no session at all: they share one entry. */
  readonly id?: string
  readonly sessionTypeId?: string
  /** Each parent right before its children, children by first start. */
  readonly trajectories: readonly Trajectory[]
}

/** One chain of reasoning and tools. */
export interface Trajectory extends Interval {
  /** `request-only` for the entry that the requests without a trajectory share. */
  readonly id: string
  /** As recorded; it may name a trajectory that has no rows in this trace. */
  readonly parentId?: string
  /** 0 for a root, which is also one whose parent has no rows. */
  readonly depth: number
  /** By start. */
  readonly requests: readonly Request[]
  /** By start. */
  readonly toolCalls: readonly ToolSpan[]
}

export type StageName = 'prefill wait' | 'prefill' | 'decode'

/** A part of a request; the stages of one request do not overlap and lie within it. */
export interface Stage extends Interval {
  readonly name: StageName
}

/** One LLM call as Dynamo served it. */
export interface Request extends Interval {
  readonly kind: 'request'
  readonly record: RequestRecord
  readonly stages: readonly Stage[]
  /** Epoch milliseconds of the first token, where it is known and lies within the request. */
  readonly firstTokenMs?: number
}

/** How the times of a tool call are known. */
export type ToolTiming =
  /** The terminal event carries start and end, or one of them and a duration. */
  | 'measured'
  /** A start event and an end event were paired by their own times. */
  | 'paired'
  /**
   * Nobody reported it: the model asked for it, and its trajectory's next
   * request marks its end. Or nothing but its end was reported: it has no length.
   */
  | 'inferred'
  /** Started and never ended; drawn up to the end of its trajectory. */
  | 'unended'

/** One execution of a tool. */
export interface ToolSpan extends Interval {
  readonly kind: 'tool'
  readonly timing: ToolTiming
  readonly call: ToolCall
  /** The terminal event was a tool_error. */
  readonly failed: boolean
  /** Set when nobody reported the call: what the model asked for, and in which request. */
  readonly asked?: { readonly by: Request; readonly as: FinishToolCall }
}

/** A happening of a trajectory. */
export type Activity = Request | ToolSpan

/**
 * `spawn`: what a parent trajectory was doing → the child's first request.
 * `result`: a tool call → the next request of its trajectory, which waited for it.
 */
export interface Edge {
  readonly kind: 'spawn' | 'result'
  readonly from: Activity
  readonly to: Request
  readonly provenance: Provenance
}
