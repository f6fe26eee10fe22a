// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type TraceRecord } from '@dynamo-agent/core'
import { readTrace } from '@dynamo-agent/trace-tools'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A trace that is still being written. */
export interface TraceWatch {
  /** The path as it was given. */
  readonly path: string
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
  const before = await sizes(await findFiles(path))
  return {
    path,
    files: () => findFiles(path),
    async rowsSince(isEnough, { limitMs, signal }) {
      const deadline = performance.now() + limitMs
      for (;;) {
        const rows = await newRows(path, before)
        if (isEnough(rows) || performance.now() > deadline) return rows
        await sleep(POLL_MS, undefined, { signal })
      }
    },
  }
}

/** What the sink of rolled files makes of the path it is given: `trace.jsonl` becomes `trace.000000.jsonl.gz`. */
async function findFiles(path: string): Promise<readonly string[]> {
  const stats = await stat(path).catch(() => undefined)
  const folder = stats?.isDirectory() ? path : dirname(path)
  const names = await readdir(folder).catch(() => [])
  if (stats?.isDirectory()) return names.filter((name) => /\.jsonl(\.gz)?$/.test(name)).map((name) => join(path, name))
  const stem = `${basename(path).replace(/\.jsonl(\.gz)?$/, '')}.`
  const segments = names.filter((name) => name.startsWith(stem) && /^\d{6,}\.jsonl\.gz$/.test(name.slice(stem.length)))
  return [...(stats === undefined ? [] : [path]), ...segments.toSorted().map((name) => join(folder, name))]
}

async function sizes(files: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const entries = await Promise.all(
    files.map(async (file) => [file, (await stat(file).catch(() => undefined))?.size ?? 0] as const),
  )
  return new Map(entries)
}

/**
 * What was appended to each file. Each flush of a compressed file is a gzip
 * member of its own (measured on 1.2.1 to 1.6.1), so reading may begin there too.
 */
async function newRows(path: string, before: ReadonlyMap<string, number>): Promise<TraceRecord[]> {
  const rows: TraceRecord[] = []
  for (const [file, size] of await sizes(await findFiles(path))) {
    const start = before.get(file) ?? 0
    if (size <= start) continue
    rows.push(...(await readRows(['-'], createReadStream(file, { start }) as AsyncIterable<Buffer>)))
  }
  return rows
}

async function readRows(paths: readonly string[], stdin: AsyncIterable<Uint8Array>): Promise<TraceRecord[]> {
  const rows: TraceRecord[] = []
  try {
    for await (const batch of readTrace(paths, { stdin })) rows.push(...batch)
  } catch (error) {
    // What has come so far may be half a row.
    if (!DynamoAgentError.isInstance(error)) throw error
  }
  return rows
}
