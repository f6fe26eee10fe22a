// SPDX-License-Identifier: Apache-2.0
import { createReadStream, type BigIntStats } from 'node:fs'
import { glob, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DynamoAgentError } from '@dynamo-agent/core'

/** Something to read a trace from. */
export interface Input {
  /** The path, or `-` for standard input. */
  readonly name: string
  /** The same for two names of one file; absent where nothing like it exists. */
  readonly fileId?: string
  /** A folder or a pattern holds it, and nobody named it: the others are read where it cannot be. */
  readonly found?: true
  /** Why it cannot be read, where that is known without trying. */
  readonly refusal?: DynamoAgentError
  /** Where it is a regular file: it can be read more than once, and bytes of it are there whenever asked for. */
  readonly file?: InputFile
  open(): AsyncIterable<Uint8Array>
}

export interface InputFile {
  readonly path: string
  /** Its size when it was found; a live file grows. */
  readonly bytes: number
}

/** Bytes asked of the file system at a time. */
export const CHUNK_BYTES = 256 * 1024

/** Segments as a rolling sink numbers them: `trace.2` before `trace.10`. */
const byName = new Intl.Collator('en', { numeric: true }).compare

/**
 * Finds what the caller means: files, folders (the `*.jsonl` and `*.jsonl.gz`
 * in them, not in folders below), glob patterns and `-` for standard input. The
 * order given is kept, the files that a folder or pattern holds are ordered by
 * name, and a file with several names is read once.
 *
 * @throws DynamoAgentError `DYN_INPUT_NOT_FOUND` naming the first path that does
 * not exist, or folder that cannot be read; `DYN_INPUT_EMPTY` where all there is are folders without traces.
 */
export async function findInputs(paths: readonly string[], stdin: AsyncIterable<Uint8Array>): Promise<Input[]> {
  const inputs = new Map<string, Input>()
  for (const path of paths) {
    for (const input of await findAt(path, stdin)) {
      const key = input.fileId ?? input.name
      const known = inputs.get(key)
      if (known === undefined || (known.found && !input.found)) inputs.set(key, input)
    }
  }
  if (inputs.size === 0) throw noTraceFiles(paths)
  return [...inputs.values()]
}

async function findAt(path: string, stdin: AsyncIterable<Uint8Array>): Promise<Input[]> {
  if (path === '-') return [{ name: path, open: () => stdin }]
  let stats: BigIntStats
  try {
    stats = await stat(path, { bigint: true })
  } catch (cause) {
    const matches = await matchPattern(path)
    if (matches.length > 0) return matches
    throw unreadable(path, cause)
  }
  return stats.isDirectory() ? findInFolder(path) : [fileInput(path, stats)]
}

async function findInFolder(folder: string): Promise<Input[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw unreadable(folder, cause)
  })
  return statFiles(names.filter((name) => /\.jsonl(\.gz)?$/.test(name)).map((name) => join(folder, name)))
}

async function matchPattern(pattern: string): Promise<Input[]> {
  if (!/[*?[{]/.test(pattern)) return []
  const paths: string[] = []
  for await (const path of glob(pattern)) paths.push(path)
  return statFiles(paths)
}

/** Leaves out folders, however named. */
async function statFiles(paths: readonly string[]): Promise<Input[]> {
  const inputs: Input[] = []
  for (const path of paths.toSorted(byName)) {
    try {
      const stats = await stat(path, { bigint: true })
      if (stats.isFile()) inputs.push({ ...fileInput(path, stats), found: true })
      // It would keep the reader waiting for a writer that nobody has promised.
      else if (!stats.isDirectory()) inputs.push(refusedInput(path, new Error('it is no regular file')))
    } catch (cause) {
      inputs.push(refusedInput(path, cause))
    }
  }
  return inputs
}

/** Such as a link that leads nowhere. */
function refusedInput(path: string, cause: unknown): Input {
  const refusal = unreadable(path, cause)
  return {
    name: path,
    found: true,
    refusal,
    file: { path, bytes: 0 },
    open() {
      throw refusal
    },
  }
}

function fileInput(path: string, stats: BigIntStats): Input {
  return {
    name: path,
    fileId: fileId(stats),
    ...(stats.isFile() && { file: { path, bytes: Number(stats.size) } }),
    open: () => readFileChunks(path),
  }
}

/** What tells two files apart, whatever they are called. */
export function fileId(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`
}

/** A part of a file: from one place up to another, which is excluded. */
export interface FileRange {
  readonly from: number
  readonly to: number
}

/** @param range Only where the file is a regular one: a pipe has no places. */
export async function* readFileChunks(path: string, range?: FileRange): AsyncIterable<Uint8Array> {
  if (range !== undefined && range.from >= range.to) return
  try {
    yield* createReadStream(path, {
      highWaterMark: CHUNK_BYTES,
      ...(range && { start: range.from, end: range.to - 1 }),
    }) as AsyncIterable<Buffer>
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** Whether reading an input failed, and nothing else did. */
export function isUnreadable(cause: unknown): cause is DynamoAgentError {
  return DynamoAgentError.isInstance(cause) && cause.code === 'DYN_INPUT_NOT_FOUND'
}

/** The error for a path that cannot be read, most often because there is nothing. */
export function unreadable(path: string, cause: unknown): DynamoAgentError {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  return new DynamoAgentError({
    code: 'DYN_INPUT_NOT_FOUND',
    message: isMissing ? `no such file: ${path}` : `cannot read ${path}`,
    advice: 'Give the path of a trace file, of a folder that holds trace files, or - for standard input.',
    cause,
  })
}

function noTraceFiles(paths: readonly string[]): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_INPUT_EMPTY',
    message: `no trace files in ${paths.join(', ')}`,
    advice: 'A folder is searched for *.jsonl and *.jsonl.gz, not in folders below; name other files one by one.',
  })
}
