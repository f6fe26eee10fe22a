// SPDX-License-Identifier: Apache-2.0
import type { RowBatch } from './row-batch.ts'

/**
 * Memory of batches that are done with, to be used again: new memory for each
 * batch would be touched for the first time each time, and grow until the
 * garbage collector hears of it.
 */
export interface Spares {
  /** A buffer of this length, used before or not. */
  takeBuffer(length: number): Uint8Array
  /** A batch of whose arrays all but `bytes` are free. */
  takeColumns(): RowBatch | undefined
  give(batch: RowBatch): void
}

/** @param limit Most buffers, and most sets of columns, that are kept. */
export function createSpares(limit: number): Spares {
  const buffers: Uint8Array[] = []
  const columns: RowBatch[] = []
  return {
    takeBuffer(length) {
      const at = buffers.findLastIndex((buffer) => buffer.length === length)
      return buffers.splice(at, at === -1 ? 0 : 1)[0] ?? new Uint8Array(length)
    },
    takeColumns: () => columns.pop(),
    give(batch) {
      // The oldest goes: it may be of a size that nobody asks for any more.
      if (buffers.push(batch.bytes) > limit) buffers.shift()
      if (columns.length < limit) columns.push(batch)
    },
  }
}
