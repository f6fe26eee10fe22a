// SPDX-License-Identifier: Apache-2.0
import { access, constants, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * The files of a trace, oldest first: the one of that name, those of a folder,
 * or the segments that a sink of rolled files makes of it (`trace.jsonl`
 * becomes `trace.000000.jsonl.gz`). None of them is a device or a pipe, which
 * could be read for ever.
 */
export async function findTraceFiles(path: string): Promise<readonly string[]> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true
  const folder = isFolder ? path : dirname(path)
  const names = (await readdir(folder).catch(() => [])).toSorted()
  const stem = `${basename(path).replace(/\.jsonl(\.gz)?$/, '')}.`
  const isSegment = (name: string) => name.startsWith(stem) && /^\d{6,}\.jsonl\.gz$/.test(name.slice(stem.length))
  const chosen = names.filter((name) => (isFolder ? /\.jsonl(\.gz)?$/.test(name) : isSegment(name)))
  const paths = [...(isFolder ? [] : [path]), ...chosen.map((name) => join(folder, name))]
  return [...(await sizesOf(paths)).keys()]
}

/** What stands at the path of a trace. */
export type TracePlace =
  | 'nothing'
  | 'file'
  | 'folder'
  /** A device, a pipe or a socket: never a trace. */
  | 'other'
  /** The system does not let this user read it. */
  | 'unreadable'

export async function placeAt(path: string): Promise<TracePlace> {
  const stats = await stat(path).catch(() => undefined)
  if (stats === undefined) return 'nothing'
  if (!stats.isFile() && !stats.isDirectory()) return 'other'
  const isReadable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
  if (!isReadable) return 'unreadable'
  return stats.isFile() ? 'file' : 'folder'
}

/** How many bytes each has; those that are no files are left out. */
export async function sizesOf(paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const entries = await Promise.all(
    paths.map(async (path) => {
      const stats = await stat(path).catch(() => undefined)
      return stats?.isFile() === true ? [[path, stats.size] as const] : []
    }),
  )
  return new Map(entries.flat())
}
