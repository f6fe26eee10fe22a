// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DynamoAgentError } from '@dynamo-agent/core'
import { makeFolder } from './make-folder.ts'

/** A file, or a stream, that is written to once. */
export interface Output {
  /**
   * Writes everything and makes the file visible under its name.
   *
   * @returns How many bytes.
   */
  write(chunks: Iterable<Uint8Array | string>, signal?: AbortSignal): Promise<number>
  /** Removes what is not visible yet; nothing to do once write() is through. */
  discard(): Promise<void>
}

/** Small pieces are gathered to this size before they go to the system. */
const WRITE_BYTES = 64 * 1024

/**
 * Opens a file for writing beside its name: it takes the name only when it is
 * whole, so that a run that fails leaves nothing half-written and does not
 * harm what was there. Folders on the way are made. What is no regular file,
 * such as a device or a FIFO, is written to directly.
 *
 * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE`, also from write().
 */
export async function openOutput(path: string): Promise<Output> {
  try {
    const existing = await stat(path).catch(() => undefined)
    if (existing?.isDirectory() === true) throw new Error('it is a folder')
    if (existing !== undefined && !existing.isFile()) return await openInPlace(path)
    return await openBeside(existing === undefined ? path : await realpath(path))
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

async function openBeside(path: string): Promise<Output> {
  await makeFolder(dirname(path))
  const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`)
  const file = await open(unfinished, 'wx')
  return {
    async write(chunks, signal) {
      const bytes = await writeStream(file.createWriteStream(), path, { chunks, signal })
      await rename(unfinished, path).catch((cause: unknown) => {
        throw unwritable(path, cause)
      })
      return bytes
    },
    async discard() {
      await file.close()
      await rm(unfinished, { force: true })
    },
  }
}

async function openInPlace(path: string): Promise<Output> {
  const file = await open(path, 'w')
  return {
    write: (chunks, signal) => writeStream(file.createWriteStream(), path, { chunks, signal }),
    discard: () => file.close(),
  }
}

/** An output that goes to a stream, which stays open. */
export function streamOutput(stream: Writable, name: string): Output {
  return {
    write: (chunks, signal) => writeStream(stream, name, { chunks, signal, end: false }),
    discard: () => Promise.resolve(),
  }
}

interface WriteOptions {
  readonly chunks: Iterable<Uint8Array | string>
  readonly signal: AbortSignal | undefined
  readonly end?: boolean
}

async function writeStream(
  stream: Writable,
  name: string,
  { chunks, signal, end = true }: WriteOptions,
): Promise<number> {
  let bytes = 0
  const source = Readable.from(gather(chunks, (size) => (bytes += size)), { objectMode: false })
  try {
    await pipeline(source, stream, { end, ...(signal && { signal }) })
  } catch (cause) {
    throw isStreamError(cause) ? unwritable(name, cause) : cause
  }
  return bytes
}

function* gather(
  chunks: Iterable<Uint8Array | string>,
  count: (bytes: number) => void,
): Generator<Uint8Array, void, undefined> {
  let pieces: Uint8Array[] = []
  let size = 0
  for (const chunk of chunks) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    pieces.push(piece)
    size += piece.length
    count(piece.length)
    if (size < WRITE_BYTES) continue
    yield Buffer.concat(pieces)
    pieces = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(pieces)
}

/** Whether the system or the stream is at fault, and not what is written or somebody's change of mind. */
function isStreamError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return 'syscall' in error || String(error.code).startsWith('ERR_STREAM')
}

function unwritable(path: string, cause: unknown): DynamoAgentError {
  if (cause instanceof DynamoAgentError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `cannot write ${path}: ${reason}`,
    advice: 'Name another file with -o, in a folder that you may write to.',
    cause,
  })
}
