// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs'

export interface ReadFromOptions {
  /** The first byte. */
  readonly start: number
  /** How many bytes at most. @defaultValue all */
  readonly length?: number
  /** When to stop as if it ended there, in milliseconds of performance.now. @defaultValue never */
  readonly deadlineMs?: number
  /** Ends the reading with its own reason. */
  readonly signal?: AbortSignal | undefined
}

/** A part of a file's bytes. A file that cannot be read, or not any more, ends there. */
export async function* readFrom(path: string, options: ReadFromOptions): AsyncGenerator<Uint8Array> {
  const { start, length = Infinity, deadlineMs = Infinity, signal } = options
  try {
    for await (const chunk of createReadStream(path, { start, end: start + length - 1 }) as AsyncIterable<Buffer>) {
      signal?.throwIfAborted()
      if (performance.now() > deadlineMs) return
      yield chunk
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
  }
}
