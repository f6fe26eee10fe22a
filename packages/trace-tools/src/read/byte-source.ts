// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { HEAD_BYTES, mayBeGzip } from './gzip-beginning.ts'
import { gunzip, type GunzipReport } from './gunzip.ts'
import { readFileChunks, unreadable, type Input } from './inputs.ts'

/** Bytes that are read into the memory of whoever asks. */
export interface ByteSource {
  /** @returns How many bytes now stand at the beginning of the target; 0 at the end. */
  read(target: Uint8Array): Promise<number>
  close(): Promise<void>
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
 * @throws DynamoAgentError `DYN_INPUT_NOT_FOUND`, also when reading.
 */
export async function openText(input: Input, report: ByteReport): Promise<ByteSource> {
  const { file, refusal } = input
  if (refusal !== undefined) throw refusal
  if (file === undefined || (await isPerhapsGzip(file.path))) {
    const counted = tap(input.open(), (chunk) => (report.bytes += chunk.length))
    return streamSource(gunzip(counted, report, file && ((range) => readFileChunks(file.path, range))))
  }
  return fileSource(file.path, report)
}

/**
 * Straight from the file into the target: a stream would copy, and ask for 64
 * KiB at a time. Nor is another thread asked to read: to wake it up takes
 * longer than to read what the system has read ahead, and leaves the bytes in
 * the cache of another processor.
 */
async function fileSource(path: string, report: ByteReport): Promise<ByteSource> {
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  return {
    async read(target) {
      // Whoever reads a gigabyte has to hear of signals and of other threads.
      await setImmediate()
      try {
        const bytesRead = readSync(handle.fd, target)
        report.bytes += bytesRead
        return bytesRead
      } catch (cause) {
        throw unreadable(path, cause)
      }
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
