// SPDX-License-Identifier: Apache-2.0
import { isMarkedAsUntransferable } from 'node:worker_threads'
import type { RowBatch } from './row-batch.ts'

/**
 * Memory of a batch, to be moved to another thread instead of being copied.
 * What stands in memory that Node.js shares among small buffers is copied.
 */
export function buffersOf(batch: RowBatch): ArrayBuffer[] {
  const views = [
    batch.bytes,
    batch.kinds,
    batch.flags,
    batch.lines,
    batch.numbers,
    batch.texts,
    batch.identityHashes,
    batch.fingerprints,
    batch.workerHashes,
    batch.calls,
    batch.callEnds,
    batch.blockHashes,
    batch.blockEnds,
    batch.finishShapes,
    ...(batch.details ? [batch.details.bytes, batch.details.ends] : []),
    ...(batch.details?.labels ? [batch.details.labels] : []),
  ]
  const buffers = new Set(views.map(({ buffer }) => buffer as ArrayBuffer))
  return [...buffers].filter((buffer) => !isMarkedAsUntransferable(buffer))
}
