// SPDX-License-Identifier: Apache-2.0
import { stringifyExactJson } from '@dynamo-agent/core'

/** Where rows go: what is used of a JSONL sink. */
export interface RowSink {
  write(line: string): unknown
}

export interface TraceLogOptions {
  /** Absent: rows are made and forgotten. */
  readonly sink: RowSink | undefined
  /** Epoch milliseconds, fractional. */
  readonly now: () => number
}

/** The rows of one trace, in the envelope of Dynamo's file sinks. */
export interface TraceLog {
  write(row: object): void
}

/** The envelope's `timestamp` is milliseconds since the sink opened and never decreases. */
export function createTraceLog({ sink, now }: TraceLogOptions): TraceLog {
  const openedMs = now()
  let timestamp = 0
  return {
    write(row) {
      timestamp = Math.max(timestamp, Math.floor(now() - openedMs))
      sink?.write(stringifyExactJson({ timestamp, event: row }))
    },
  }
}
