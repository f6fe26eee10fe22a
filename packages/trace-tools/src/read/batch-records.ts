// SPDX-License-Identifier: Apache-2.0
import type { TraceRecord } from '@dynamo-agent/core'
import type { RowBatch } from './row-batch.ts'
import { RowColumns } from './scan/row-columns.ts'
import { writeRecord } from './scan/write-record.ts'

/** No text begins at 0, which says that there is none. */
const nothing = new Uint8Array(1)

/** Puts records into columns, one row each. */
export function batchRecords(records: readonly TraceRecord[]): RowBatch {
  const columns = new RowColumns()
  columns.begin(nothing, nothing.length)
  for (const [index, record] of records.entries()) {
    writeRecord(columns, record)
    columns.endRow(index + 1)
  }
  const batch = columns.toBatch(nothing)
  // There are no lines; their texts are what takes memory.
  return { ...batch, lineBytes: batch.bytes.length }
}
