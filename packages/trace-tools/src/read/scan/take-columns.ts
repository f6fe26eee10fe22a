// SPDX-License-Identifier: Apache-2.0
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../columns.ts'
import type { RowBatch } from '../row-batch.ts'

/** The arrays of a batch that are made where its rows are scanned. */
export type Columns = Omit<RowBatch, 'input' | 'count' | 'lineBytes' | 'bytes' | 'details' | 'harness'>

/** Rows are of different lengths, so the next block may have some more than this one. */
const HEADROOM = 1.25

/** Columns of a batch that is done with, or new ones where it has not enough room for so many rows and calls. */
export function takeColumns(spare: RowBatch | undefined, rows: number, calls: number): Columns {
  if (spare === undefined || spare.kinds.length < rows || spare.calls.length < calls * 2) {
    return createColumns(Math.ceil(rows * HEADROOM), Math.ceil(calls * HEADROOM))
  }
  const { kinds, flags, lines, numbers, texts, identityHashes, fingerprints, workerHashes } = spare
  const { calls: callHashes, callEnds, finishShapes } = spare
  return {
    ...{ kinds, flags, lines, numbers, texts, identityHashes, fingerprints, workerHashes },
    ...{ calls: callHashes, callEnds, finishShapes },
  }
}

/** Bytes of a row in all columns. */
const ROW_BYTES = (NUMBER_COLUMNS + TEXT_COLUMNS + 2) * 8 + 3 * 4 + 2 + 2
const CALL_BYTES = 8

/** Makes columns in one piece of memory: another thread is handed its batches piece by piece. */
function createColumns(rows: number, calls: number): Columns {
  const buffer = new ArrayBuffer(rows * ROW_BYTES + calls * CALL_BYTES)
  let end = 0
  const place = (bytes: number): number => {
    const start = end
    end += bytes
    return start
  }
  // Those of large numbers first, so that each stands where its numbers may stand.
  return {
    numbers: new Float64Array(buffer, place(rows * NUMBER_COLUMNS * 8), rows * NUMBER_COLUMNS),
    texts: new Uint32Array(buffer, place(rows * TEXT_COLUMNS * 8), rows * TEXT_COLUMNS * 2),
    identityHashes: new Uint32Array(buffer, place(rows * 8), rows * 2),
    fingerprints: new Uint32Array(buffer, place(rows * 8), rows * 2),
    calls: new Int32Array(buffer, place(calls * CALL_BYTES), calls * 2),
    lines: new Uint32Array(buffer, place(rows * 4), rows),
    callEnds: new Uint32Array(buffer, place(rows * 4), rows),
    workerHashes: new Uint32Array(buffer, place(rows * 4), rows),
    finishShapes: new Uint16Array(buffer, place(rows * 2), rows),
    kinds: new Uint8Array(buffer, place(rows), rows),
    flags: new Uint8Array(buffer, place(rows), rows),
  }
}
