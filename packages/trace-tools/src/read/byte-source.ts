// SPDX-License-Identifier: Apache-2.0
import { fstatSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { LINE_FEED, type UnreadBytes } from './block.ts'
import { HEAD_BYTES, mayBeGzip } from './gzip-beginning.ts'
import { gunzip, type GunzipReport } from './gunzip.ts'
import { readFileChunks, unreadable, type FileRange, type Input } from './inputs.ts'

/** Bytes that are read into the memory of whoever asks. */
export interface ByteSource {
  /** @returns How many bytes now stand at the beginning of the target; 0 at the end. */
  read(target: Uint8Array): Promise<number>
  /**
   * Passes over whole lines for somebody else to read, the last bytes that were
   * read among them: of the next bytes up to the last line end. Files only.
   *
   * @param back How many of the bytes that were read last count as not read.
   * @param most Bytes to look at.
   * @returns Undefined where there are not so many bytes, no line ends among the last of them, or they cannot be read.
   */
  passLines?(back: number, most: number): PassedLines | undefined
  close(): Promise<void>
}

export interface PassedLines extends UnreadBytes {
  readonly length: number
}

/** What became known about the bytes of an input. */
export interface ByteReport extends GunzipReport {
  /** Bytes read, before decompression. */
  bytes: number
}

/**
 * Opens the text of an input, inflated where its content is gzip data.
 *
 * @param report Filled in while reading.
 * @param inflatedBytes See GunzipOptions.
 * @throws DynamoAgentError `DYN_INPUT_NOT_FOUND`, also when reading.
 */
export async function openText(input: Input, report: ByteReport, inflatedBytes?: number): Promise<ByteSource> {
  const { file, refusal } = input
  if (refusal !== undefined) throw refusal
  if (file === undefined || (await isPerhapsGzip(file.path))) {
    const counted = tap(input.open(), (chunk) => (report.bytes += chunk.length))
    const readAgain = file && ((range: FileRange) => readFileChunks(file.path, range))
    return streamSource(gunzip(counted, report, { ...(readAgain && { readAgain }), ...(inflatedBytes && { inflatedBytes }) }))
  }
  return fileSource(file.path, report)
}

/** Some rows: most blocks end within this of their most. */
const PROBE_BYTES = 16 * 1024

/**
 * Straight from the file into the target: a stream would copy, and ask for 64
 * KiB at a time. Nor does a thread read that has nothing else to do: to wake it
 * up takes longer than to read what the system has read ahead, and leaves the
 * bytes in the cache of another processor than that which scans them.
 */
async function fileSource(path: string, report: ByteReport): Promise<ByteSource> {
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  const { fd } = handle
  let position = 0
  const readAt = (target: Uint8Array, offset: number): number => {
    try {
      return readSync(fd, target, 0, target.length, offset)
    } catch (cause) {
      throw unreadable(path, cause)
    }
  }
  /** Whether bytes could be read; why not is told to whoever reads them. */
  const isFilled = (target: Uint8Array, offset: number): boolean => {
    try {
      return readAt(target, offset) === target.length
    } catch {
      return false
    }
  }
  return {
    async read(target) {
      // Whoever reads a gigabyte has to hear of signals and of other threads.
      await setImmediate()
      const bytesRead = readAt(target, position)
      position += bytesRead
      report.bytes += bytesRead
      // What was passed over may have been cut off before it was read.
      if (bytesRead === 0) report.bytes = Math.min(report.bytes, fstatSync(fd).size)
      return bytesRead
    },
    passLines(back, most) {
      const offset = position - back
      const probe = Buffer.allocUnsafe(Math.min(PROBE_BYTES, most))
      const probeAt = most - probe.length
      if (!isFilled(probe, offset + probeAt)) return undefined
      const lineEnd = probe.lastIndexOf(LINE_FEED) + 1
      if (lineEnd === 0) return undefined
      const length = probeAt + lineEnd
      position = offset + length
      report.bytes += length - back
      return { fd, path, offset, length }
    },
    close: () => handle.close(),
  }
}

/** Chunks of whatever size, copied to where they are wanted. */
export function streamSource(chunks: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = chunks[Symbol.asyncIterator]()
  let chunk: Uint8Array = new Uint8Array()
  return {
    async read(target) {
      while (chunk.length === 0) {
        const next = await iterator.next()
        if (next.done === true) return 0
        chunk = next.value
      }
      const taken = chunk.subarray(0, target.length)
      target.set(taken)
      chunk = chunk.subarray(taken.length)
      return taken.length
    },
    async close() {
      await iterator.return?.()
    },
  }
}

async function isPerhapsGzip(path: string): Promise<boolean> {
  const source = await fileSource(path, { bytes: 0, gzip: false, end: 'whole', lostBytes: 0 })
  try {
    const head = new Uint8Array(HEAD_BYTES)
    return mayBeGzip(head.subarray(0, await source.read(head)))
  } finally {
    await source.close()
  }
}

async function* tap(
  chunks: AsyncIterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    see(chunk)
    yield chunk
  }
}
