// SPDX-License-Identifier: Apache-2.0
import type { HarnessEventType, SkipReason, TraceRecord } from '@dynamo-agent/core'
import type { ModelCensus } from '../model/stream-model.ts'

/** Why a row was skipped. */
export type SkippedRowReason =
  | Exclude<SkipReason, 'blank'>
  /** The last line of an input has no end and is no whole row: the file was cut, or is still being written. */
  | 'torn'
  /** The line is longer than any row. */
  | 'too-long'

/** What was read, and what was not: nothing is left out that is not counted here. */
export interface Census {
  readonly rows: RowCounts
  readonly byType: RowsByType
  /** Rows of a harness log that were used; absent where there are none. */
  readonly harness?: HarnessRowsByType
  readonly skipped: Readonly<Partial<Record<SkippedRowReason, SkippedRows>>>
  /** Of all rows that were used, in the order they were read; absent where there are none. */
  readonly clock?: ClockCensus
  /** In the order they were given or found. */
  readonly inputs: readonly InputCensus[]
  /** What no row says alone; whoever builds the model adds it. */
  readonly model?: ModelCensus
}

/** Rows; blank lines are none. `read` is the sum of the others. */
export interface RowCounts {
  readonly read: number
  readonly used: number
  /** Bodies of requests, which nothing here needs (`request_payload`, Dynamo 1.4 and later). */
  readonly payload: number
  readonly skipped: number
  /** Good rows that were not asked for. */
  readonly filtered: number
}

/** Rows of Dynamo that were used. */
export type RowsByType = Readonly<Record<TraceRecord['type'], number>>

/** Of each type that there is. */
export type HarnessRowsByType = Readonly<Partial<Record<HarnessEventType, number>>>

export interface SkippedRows {
  readonly count: number
  /** Where the first one is, as `name:line`. */
  readonly first: string
}

/** Event times of rows, in epoch milliseconds. */
export interface ClockCensus {
  readonly firstMs: number
  readonly lastMs: number
  /** How often the clock went on by more than GAP_MS from one row to a later one, with none between them. */
  readonly gaps: number
  /** The longest time without a row, however short. */
  readonly longestGapMs: number
  /** When that began. */
  readonly longestGapFromMs: number
}

/** A minute without any row is one that an agent's run does not have by itself: most tools are faster. */
export const GAP_MS = 60_000

/** How the bytes of an input ended. */
export type InputEnd =
  | 'whole'
  /** The last line or the last gzip member is unfinished. */
  | 'torn'
  /** The gzip data is damaged; what follows the damage was not read, up to the next whole member. */
  | 'corrupt'
  /** It cannot be read, or not to its end; only of one that was found, as one that was named is an error then. */
  | 'unreadable'

/** What one input held. */
export interface InputCensus {
  /** The path as given or found, or `-` for standard input. */
  readonly name: string
  /** A folder or a pattern holds it; absent where it was named itself. */
  readonly found?: true
  /** Bytes read, before decompression. */
  readonly bytes: number
  readonly gzip: boolean
  readonly rows: RowCounts
  readonly byType: RowsByType
  readonly harness?: HarnessRowsByType
  readonly skipped: Readonly<Partial<Record<SkippedRowReason, SkippedInputRows>>>
  readonly clock?: ClockCensus
  readonly end: InputEnd
  /** Bytes passed over because of damage, before decompression; 0 unless `end` is `corrupt`. */
  readonly lostBytes: number
}

export interface SkippedInputRows {
  readonly count: number
  /** Line number of the first one, from 1. */
  readonly firstLine: number
}
