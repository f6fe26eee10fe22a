// SPDX-License-Identifier: Apache-2.0
import type { SkipReason, TraceRecord } from '@dynamo-agent/core'

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
  readonly byType: Readonly<Record<TraceRecord['type'], number>>
  readonly skipped: Readonly<Partial<Record<SkippedRowReason, SkippedRows>>>
  /** In the order they were read. */
  readonly inputs: readonly InputCensus[]
}

/** Rows; blank lines are none. `read` is the sum of the others. */
export interface RowCounts {
  readonly read: number
  readonly used: number
  /** Bodies of requests, which nothing here needs (`request_payload`, Dynamo 1.4 and later). */
  readonly payload: number
  readonly skipped: number
}

export interface SkippedRows {
  readonly count: number
  /** Where the first one is, as `name:line`. */
  readonly first: string
}

/** How the bytes of an input ended. */
export type InputEnd =
  | 'whole'
  /** The last line or the last gzip member is unfinished. */
  | 'torn'
  /** The gzip data is damaged; what follows the damage was not read, up to the next whole member. */
  | 'corrupt'

/** What one input held. */
export interface InputCensus {
  /** The path as given or found, or `-` for standard input. */
  readonly name: string
  /** Bytes read, before decompression. */
  readonly bytes: number
  readonly gzip: boolean
  readonly rows: RowCounts
  readonly end: InputEnd
  /** Bytes passed over because of damage, before decompression; 0 unless `end` is `corrupt`. */
  readonly lostBytes: number
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends RowCounts ? Mutable<RowCounts> : T[Key] }

/** The hand that fills a census while reading. */
export interface CensusTaker {
  readonly census: Census
  /** All that is counted from now on counts for this input. */
  beginInput(name: string): Mutable<InputCensus>
  countRecord(type: TraceRecord['type']): void
  countPayload(): void
  countSkipped(reason: SkippedRowReason, line: number): void
}

export function createCensusTaker(): CensusTaker {
  const rows = createRowCounts()
  const byType = { request_end: 0, tool_start: 0, tool_end: 0, tool_error: 0 }
  const skipped: Partial<Record<SkippedRowReason, Mutable<SkippedRows>>> = {}
  const inputs: Mutable<InputCensus>[] = []
  let input = createInput('')

  const count = (key: 'used' | 'payload' | 'skipped'): void => {
    for (const counts of [rows, input.rows]) {
      counts.read++
      counts[key]++
    }
  }

  return {
    census: { rows, byType, skipped, inputs },
    beginInput(name) {
      inputs.push((input = createInput(name)))
      return input
    },
    countRecord(type) {
      byType[type]++
      count('used')
    },
    countPayload() {
      count('payload')
    },
    countSkipped(reason, line) {
      const known = skipped[reason]
      if (known === undefined) skipped[reason] = { count: 1, first: `${input.name}:${line}` }
      else known.count++
      count('skipped')
    },
  }
}

function createInput(name: string): Mutable<InputCensus> {
  return { name, bytes: 0, gzip: false, rows: createRowCounts(), end: 'whole', lostBytes: 0 }
}

function createRowCounts(): Mutable<RowCounts> {
  return { read: 0, used: 0, payload: 0, skipped: 0 }
}
