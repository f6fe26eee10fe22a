// SPDX-License-Identifier: Apache-2.0
import type { HarnessRecord } from '@dynamo-agent/core'
import type { RowBatch, RowReference } from '../read/row-batch.ts'
import type { Interval, Provenance, ToolTiming } from './trace-model.ts'

/**
 * Whoever wants to know what a trace says while it is read: a writer, a sum.
 * Each request and each tool call comes once; those of one trajectory in order
 * of their ends, as far as the order of rows allows.
 *
 * What is handed over is good during the call only: spans and rows are
 * forgotten, and their memory is used again. Whoever needs something later
 * copies it. Trajectories stay, and grow.
 */
export interface ModelSink {
  /** Up to a thousand or so at once: as a rule what the rows of a batch become. */
  spans(spans: SettledSpans): void
  /** Each row of a harness log once, about in order of time; left out by whoever has no use for them. */
  harness?(event: HarnessEvent): void
  /** Once, after everything else. */
  end(outline: TraceOutline): void
}

/** Takes spans one after the other. */
export interface SpanVisitor {
  request(request: RequestSpan): void
  tool(call: ToolCallSpan): void
}

/**
 * Spans that were settled together. Whoever has compiled code for them copies the
 * doubles in which they are told; everybody else has them told one by one.
 */
export interface SettledSpans {
  /** One span after the other, at the places that told.ts names. */
  readonly values: Float64Array
  /** By the number that a span is told with. */
  readonly trajectories: readonly TrajectoryState[]
  batchAt(slot: number): RowBatch
  /** The span that is told from a place of the values on; good until another one of its kind is asked for. */
  requestAt(place: number): RequestSpan
  callAt(place: number): ToolCallSpan
  each(visitor: SpanVisitor): void
  /** Those that are told from these places on, in values of their own, which are the caller's to change. */
  select(places: readonly number[]): SettledSpans
}

/** A trajectory while the trace is read. */
export interface TrajectoryState {
  /** Place among all trajectories, from 0, in order of appearance. */
  readonly index: number
  /** `request-only` for the entry that the rows without identity share. */
  readonly id: string
  /** The rows name no identity at all, and have nothing to do with each other. */
  readonly contextFree: boolean
  /** As rows name it: Dynamo 1.2 only. */
  readonly sessionId: string | undefined
  readonly sessionTypeId: string | undefined
  /** As recorded; it may have no rows in this trace. */
  readonly parentId: string | undefined
  /** First start and last end of what is known so far. */
  readonly startMs: number
  readonly endMs: number
  /** What it did so far. */
  readonly requests: number
  readonly toolCalls: number
}

/** One LLM call as Dynamo served it. */
export interface RequestSpan extends Interval {
  readonly kind: 'request'
  readonly trajectory: TrajectoryState
  readonly row: RowReference
  /** Stages as durations from the start: wait up to here, then prefill up to `prefillEndMs`. */
  readonly waitEndMs: number
  readonly prefillEndMs: number
  /** Start of decode as a duration from the start; NaN where nothing says when decode began. */
  readonly decodeStartMs: number
  /** Tool calls that this request was the first to get the results of. */
  readonly results: readonly ResultSpan[]
  /** What the parent trajectory was doing when this first request of a trajectory began. */
  readonly spawn?: SpawnedBy | undefined
}

/** A tool call whose result a request got. */
export interface ResultSpan extends Interval {
  /** As the call's own. */
  readonly edgeId: number
  /** Nobody reported the call. */
  readonly isAsked: boolean
}

/** Where a trajectory came from. */
export type SpawnedBy =
  /** A tool call, which comes later than its children and names this id in `spawns`. */
  | { readonly kind: 'tool'; readonly edgeId: number; readonly provenance: Provenance }
  /** What has come already: a request, which the arrow leaves where it ended, or a tool call. */
  | {
      readonly kind: 'past'
      readonly edgeId: number
      readonly provenance: Provenance
      readonly parent: TrajectoryState
      readonly from: 'request' | 'tool'
      /** Where the arrow leaves; not after the child began. */
      readonly fromMs: number
      /** The call's own `edgeId`, if it is one. */
      readonly call?: number
    }

/** One execution of a tool. */
export interface ToolCallSpan extends Interval {
  readonly kind: 'tool'
  readonly trajectory: TrajectoryState
  readonly timing: ToolTiming
  /** Set where no row of the call is at hand that says it. */
  readonly toolCallId?: string | undefined
  readonly toolClass: string
  /** The terminal event was a tool_error. */
  readonly failed: boolean
  /**
   * The row that says most about it: its end, or the start of a call that never
   * ended. Absent where nobody reported the call, and where its only row has
   * been forgotten; what the row said is then in `details`.
   */
  readonly row?: RowReference | undefined
  /** The details that the reader encoded, of a row that has been forgotten. */
  readonly details?: Uint8Array | undefined
  /** Set when nobody reported the call: the request that asked for it. */
  readonly asked?: AskedCall | undefined
  /**
   * Set on both spans of a call that started, never ended, and was asked for by
   * the model: it comes as inferred, as the converter that ships with Dynamo
   * draws it, and at the end as unended, which is what it counts as.
   */
  readonly isTwofold?: boolean
  /** Id of the edge to the request that gets its result, should there be one. */
  readonly edgeId: number
  /** Ids of the edges to trajectories that this call started. */
  readonly spawns: readonly number[]
}

/** A tool call that the model asked for. */
export interface AskedCall {
  readonly requestId: string
  /** When that request began and ended. */
  readonly startMs: number
  readonly endMs: number
  readonly id: string | undefined
  readonly name: string | undefined
  readonly choiceIndex: number
  readonly toolCallIndex: number
  /** The trajectory's next request, which marks the end of the call; absent where there is none. */
  readonly next?: { readonly requestId: string; readonly startMs: number } | undefined
}

/** Something that only the harness knows of. What took no time begins where it ends. */
export interface HarnessEvent extends Interval {
  readonly trajectory: TrajectoryState
  readonly record: HarnessRecord
  /** What the turns of the trajectory have cost up to here in US dollars; absent where none of them told. */
  readonly costUsd?: number
}

/** All sessions and trajectories of a trace, once it is read. */
export interface TraceOutline {
  /** By first start. */
  readonly sessions: readonly SessionOutline[]
  /** From the first start to the last end; absent when the trace is empty. */
  readonly interval?: Interval
}

/** One run of an agent with its subagents. */
export interface SessionOutline extends Interval {
  /** Absent for the rows that named no session: they share one entry. */
  readonly id?: string
  readonly sessionTypeId?: string
  /** Each parent right before its children, children by first start. */
  readonly trajectories: readonly PlacedTrajectory[]
}

/** A trajectory at its place in its session's tree. */
export interface PlacedTrajectory {
  readonly state: TrajectoryState
  /** 0 for a root, which is also one whose parent has no rows. */
  readonly depth: number
  /** Absent for a root. */
  readonly parent?: TrajectoryState
}
