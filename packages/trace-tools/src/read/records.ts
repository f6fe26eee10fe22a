// SPDX-License-Identifier: Apache-2.0
import type { TraceRecord } from '@dynamo-agent/core'
import type { Census } from './census.ts'
import { findInputs } from './inputs.ts'
import type { RowBatch } from './row-batch.ts'
import { readRows, type RowReading } from './read-rows.ts'
import { toRecord } from './scan/to-record.ts'
import { createCensusTaker } from './take-census.ts'

/** The rows of a trace in batches, to be read once. */
export interface TraceReading extends AsyncIterable<readonly TraceRecord[]> {
  /** Grows while reading; complete when the last batch has come. */
  readonly census: Census
}

/** What readTrace reads from, and its limit. */
export interface ReadTraceOptions {
  /**
   * What the path `-` stands for.
   *
   * @defaultValue `process.stdin`
   */
  readonly stdin?: AsyncIterable<Uint8Array>
  /**
   * Longest line that is read, in bytes; longer ones are skipped and counted.
   *
   * @defaultValue 256 MiB
   */
  readonly maxLineBytes?: number
}

/**
 * Reads traces of any Dynamo release: files, folders with `*.jsonl` and
 * `*.jsonl.gz`, glob patterns, `-` for standard input; plain or gzip by
 * content. A row that is broken costs only itself and is counted.
 *
 * Iterating throws DynamoAgentError: `DYN_INPUT_NOT_FOUND` before anything is
 * read where a path does not exist; at the end `DYN_INPUT_EMPTY` or
 * `DYN_INPUT_NOT_A_TRACE` where not one row could be used.
 */
export function readTrace(paths: readonly string[], options: ReadTraceOptions = {}): TraceReading {
  let reading: RowReading | undefined
  return {
    get census() {
      return reading?.census ?? createCensusTaker([]).census
    },
    async *[Symbol.asyncIterator]() {
      reading = readRows(await findInputs(paths, options.stdin ?? process.stdin), options)
      for await (const batch of reading) {
        yield toRecords(batch)
        reading.release(batch)
      }
    },
  }
}

function toRecords(batch: RowBatch): TraceRecord[] {
  return Array.from({ length: batch.count }, (_, row) => toRecord(batch, row))
}
