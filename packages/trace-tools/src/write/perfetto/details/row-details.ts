// SPDX-License-Identifier: Apache-2.0
import type { RowReference } from '../../../read/row-batch.ts'
import { viewOf } from '../piece.ts'
import type { ProtoBuffer } from '../proto-buffer.ts'

/** What is drawn of a row: the row, or what is left of one that has been forgotten. */
interface Detailed {
  readonly row?: RowReference | undefined
  readonly details?: Uint8Array | undefined
}

/** Bytes that the encoder made of a row. */
export function detailsSize({ row, details }: Detailed): number {
  return row === undefined ? (details?.length ?? 0) : endOf(row) - startOf(row)
}

/** Appends what the encoder made of a row. */
export function appendDetails(buffer: ProtoBuffer, { row, details }: Detailed): void {
  if (row === undefined) {
    if (details !== undefined) buffer.appendBytes(details)
  } else if (row.batch.details !== undefined) {
    buffer.append(wordsOf(row.batch.details.bytes), startOf(row), endOf(row))
  }
}

/** The bytes that were appended from last, and the view of them: making one for each row costs more than appending. */
let lastBytes: Uint8Array = new Uint8Array()
let lastView = viewOf(lastBytes)

function wordsOf(bytes: Uint8Array): DataView {
  if (bytes !== lastBytes) {
    lastBytes = bytes
    lastView = viewOf(bytes)
  }
  return lastView
}

function startOf({ batch, row }: RowReference): number {
  return row === 0 ? 0 : (batch.details?.ends[row - 1] ?? 0)
}

function endOf({ batch, row }: RowReference): number {
  return batch.details?.ends[row] ?? 0
}
