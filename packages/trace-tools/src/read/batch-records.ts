// SPDX-License-Identifier: Apache-2.0
import type { TraceRecord } from '@dynamo-agent/core'
import type { RowBatch } from './row-batch.ts'
import { RowColumns } from './scan/row-columns.ts'
import { RowHasher } from './scan/row-hasher.ts'
import { writeRecord } from './scan/write-record.ts'

const FIRST_BYTES = 1024

/** Puts records into columns, one row each. */
export function batchRecords(records: readonly TraceRecord[]): RowBatch {
  // No text begins at 0, which says that there is none.
  const columns = new RowColumns(new Uint8Array(FIRST_BYTES), 1)
  const hasher = new RowHasher()
  for (const [index, record] of records.entries()) {
    columns.prepareRow()
    writeRecord(columns, record)
    hasher.hash(columns)
    columns.addRow(index + 1)
  }
  return columns.toBatch()
}
