// SPDX-License-Identifier: Apache-2.0
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../columns.ts'
import type { RowBatch } from '../row-batch.ts'

/** The arrays of a batch that are made where its rows are scanned. */
export type Columns = Omit<RowBatch, 'input' | 'count' | 'lineBytes' | 'bytes' | 'details' | 'harness'>

/** Rows are of different lengths, so the next block may have some more than this one. */
const HEADROOM = 1.25

/** What columns have room for. */
interface Room {
  readonly rows: number
  /** Tool calls that rows name. */
  readonly calls: number
  /** KV blocks that rows name. */
  readonly blocks: number
}

/** Columns of a batch that is done with, or new ones where it has not enough room. */
export function takeColumns(spare: RowBatch | undefined, needed: Room): Columns {
  if (spare === undefined || !hasRoom(spare, needed)) return createColumns(needed)
  const { kinds, flags, lines, numbers, texts, identityHashes, fingerprints, workerHashes } = spare
  const { calls, callEnds, blockHashes, blockEnds, finishShapes } = spare
  return {
    ...{ kinds, flags, lines, numbers, texts, identityHashes, fingerprints, workerHashes },
    ...{ calls, callEnds, blockHashes, blockEnds, finishShapes },
  }
}

function hasRoom(columns: Columns, { rows, calls, blocks }: Room): boolean {
  return columns.kinds.length >= rows && columns.calls.length >= calls * 2 && columns.blockHashes.length >= blocks
}

/** Bytes of a row in all columns. */
const ROW_BYTES = (NUMBER_COLUMNS + TEXT_COLUMNS + 2) * 8 + 4 * 4 + 2 + 2
const CALL_BYTES = 8
const BLOCK_BYTES = 4

/** Makes columns in one piece of memory: another thread is handed its batches piece by piece. */
function createColumns(needed: Room): Columns {
  const rows = Math.ceil(needed.rows * HEADROOM)
  const calls = Math.ceil(needed.calls * HEADROOM)
  const blocks = Math.ceil(needed.blocks * HEADROOM)
  const buffer = new ArrayBuffer(rows * ROW_BYTES + calls * CALL_BYTES + blocks * BLOCK_BYTES)
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
    blockHashes: new Uint32Array(buffer, place(blocks * BLOCK_BYTES), blocks),
    blockEnds: new Uint32Array(buffer, place(rows * 4), rows),
    workerHashes: new Uint32Array(buffer, place(rows * 4), rows),
    finishShapes: new Uint16Array(buffer, place(rows * 2), rows),
    kinds: new Uint8Array(buffer, place(rows), rows),
    flags: new Uint8Array(buffer, place(rows), rows),
  }
}
