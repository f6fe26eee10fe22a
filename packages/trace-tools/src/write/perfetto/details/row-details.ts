// SPDX-License-Identifier: Apache-2.0
import type { RowReference } from '../../../read/row-batch.ts'
import type { EventMemory } from '../event-memory.ts'

/** What is drawn of a row: the row, or what is left of one that has been forgotten. */
interface Detailed {
  readonly row?: RowReference | undefined
  readonly details?: Uint8Array | undefined
}

/** Bytes that the encoder made of a row. */
export function detailsSize({ row, details }: Detailed): number {
  return row === undefined ? (details?.length ?? 0) : endOf(row) - startOf(row)
}

/** Puts what the encoder made of a row. */
export function putDetails(memory: EventMemory, at: number, { row, details }: Detailed): void {
  if (row === undefined) {
    if (details !== undefined) memory.set(at, details)
  } else if (row.batch.details !== undefined) {
    memory.set(at, row.batch.details.bytes.subarray(startOf(row), endOf(row)))
  }
}

function startOf({ batch, row }: RowReference): number {
  return row === 0 ? 0 : (batch.details?.ends[row - 1] ?? 0)
}

function endOf({ batch, row }: RowReference): number {
  return batch.details?.ends[row] ?? 0
}
