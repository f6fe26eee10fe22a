// SPDX-License-Identifier: Apache-2.0
import { open } from 'node:fs/promises'
import { startEngine } from './engine.ts'
import { countOverlappingSlices, listErrorStats, type ErrorStat } from './faults.ts'
import { listFlows, type Flow } from './flows.ts'
import type { Row } from './query-result.ts'
import type { Query } from './query.ts'
import { createRpc, type Rpc } from './rpc.ts'
import { listSlices, type Slice, type SliceFilter } from './slices.ts'
import { listTrackTree, type TreeTrack } from './track-tree.ts'

/** The engine takes frames up to 64 MiB; smaller ones keep the copies small. */
const CHUNK_BYTES = 8 << 20

/** A trace, loaded by trace_processor. */
export interface OpenTrace extends Disposable {
  /**
   * Runs SQL, several statements at a time if need be; the rows are those of
   * the last. The caller names the shape that its columns have.
   *
   * @throws Error when the engine refuses the SQL or the trace is closed.
   */
  readonly query: Query
  /** What the engine dropped or had to repair; empty for a good trace. */
  errorStats(): ErrorStat[]
  /** Slices that overlap another on the same track and depth; 0 for a good trace. */
  overlappingSlices(): number
  /** The tracks as the Perfetto UI draws them, from top to bottom. */
  trackTree(): TreeTrack[]
  /** The arrows between slices, by the time they leave. */
  flows(): Flow[]
  /** The slices by time. */
  slices(filter?: SliceFilter): Slice[]
  /** Frees the engine; idempotent. */
  close(): void
}

/**
 * Loads a trace of any format that trace_processor reads.
 *
 * @param source The trace itself, or the path of a file.
 * @throws Error when trace_processor refuses the trace; much that is wrong is
 * only counted in its stats, which judge() looks at.
 */
export async function openTrace(source: Uint8Array | string): Promise<OpenTrace> {
  let rpc: Rpc | undefined = createRpc(await startEngine())
  for await (const chunk of typeof source === 'string' ? readChunks(source) : cut(source)) rpc.append(chunk)
  rpc.finalize()
  const query = <Shape extends object = Row>(sql: string) => {
    if (rpc === undefined) throw new Error('the trace is closed')
    return rpc.query(sql) as Shape[]
  }
  const close = () => {
    rpc = undefined
  }
  return {
    query,
    errorStats: () => listErrorStats(query),
    overlappingSlices: () => countOverlappingSlices(query),
    trackTree: () => listTrackTree(query),
    flows: () => listFlows(query),
    slices: (filter) => listSlices(query, filter),
    close,
    [Symbol.dispose]: close,
  }
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES)
}

async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
