// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type TraceRecord } from '@dynamo-agent/core'
import { readTrace } from '@dynamo-agent/trace-tools'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readFrom } from './read-from.ts'
import { findTraceFiles, placeAt, sizesOf } from './trace-files.ts'

/** A trace that is still being written. */
export interface TraceWatch {
  /** The path as it was given. */
  readonly path: string
  /** What a frontend is told to write so that it is found here: the path, or a file in that folder. */
  readonly target: string
  /** Its files as they are now: the one of that name, those of a folder, or the segments named after it. */
  files(): Promise<readonly string[]>
  /**
   * The rows that have come since the watch began, as soon as there are
   * enough; at the limit, those there are.
   */
  rowsSince(isEnough: (rows: readonly TraceRecord[]) => boolean, limit: RowLimit): Promise<readonly TraceRecord[]>
}

export interface RowLimit {
  readonly limitMs: number
  readonly signal?: AbortSignal | undefined
}

const POLL_MS = 100

/** Begins to watch a trace, which may not be there yet. */
export async function watchTrace(path: string): Promise<TraceWatch> {
  const before = await sizesOf(await findTraceFiles(path))
  return {
    path,
    target: (await placeAt(path)) === 'folder' ? join(path, 'trace.jsonl') : path,
    files: () => findTraceFiles(path),
    async rowsSince(isEnough, { limitMs, signal }) {
      const deadline = performance.now() + limitMs
      for (;;) {
        const rows = await newRows(path, before, signal)
        if (isEnough(rows) || performance.now() > deadline) return rows
        await sleep(POLL_MS, undefined, { signal })
      }
    },
  }
}

/**
 * What was appended to each file. Each flush of a compressed file is a gzip
 * member of its own (measured on 1.2.1 to 1.6.1), so reading may begin there too.
 */
async function newRows(
  path: string,
  before: ReadonlyMap<string, number>,
  signal: AbortSignal | undefined,
): Promise<TraceRecord[]> {
  const rows: TraceRecord[] = []
  for (const [file, size] of await sizesOf(await findTraceFiles(path))) {
    const start = before.get(file) ?? 0
    if (size > start) rows.push(...(await readRows(readFrom(file, { start, signal }))))
  }
  return rows
}

async function readRows(stdin: AsyncIterable<Uint8Array>): Promise<TraceRecord[]> {
  const rows: TraceRecord[] = []
  try {
    for await (const batch of readTrace(['-'], { stdin })) rows.push(...batch)
  } catch (error) {
    // What has come so far may be half a row.
    if (!DynamoAgentError.isInstance(error)) throw error
  }
  return rows
}
