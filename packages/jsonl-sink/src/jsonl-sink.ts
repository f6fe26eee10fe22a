// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { writeAndClose, writeAndCloseSync } from './file-system.ts'
import { createLiteralFile } from './literal-file.ts'
import { createNumberedFiles } from './numbered-files.ts'
import { resolveLimits, type JsonlSinkOptions } from './options.ts'
import { atProcessExit } from './process-exit.ts'

/**
 * Why a row was dropped.
 * - `capacity`: too much was waiting
 * - `closed`: written after `close`
 * - `disk`: the write failed, see `problem`
 * - `timeout`: the disk did not take it within `closeTimeoutMs`
 */
export type RowDropReason = 'capacity' | 'closed' | 'disk' | 'timeout'

/** Every row given to `write` is in exactly one of `waiting`, `written` and `dropped`. */
export interface JsonlSinkCounters {
  readonly waiting: number
  readonly written: number
  /** Uncompressed, line feeds included. */
  readonly writtenBytes: number
  readonly dropped: number
  readonly byReason: Readonly<Record<RowDropReason, number>>
}

/** An append-only JSONL file that is never in the caller's way. */
export interface JsonlSink {
  /**
   * Makes sure that the output can be written, for callers who want to know at
   * once; without it the first failed write shows in `problem`. Makes missing
   * folders, and no file: the first row does.
   *
   * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE`
   */
  open(): Promise<void>
  /**
   * Takes one row, without line feed, and returns at once. Never throws.
   * Needs no `this`.
   */
  readonly write: (row: string) => void
  readonly counters: JsonlSinkCounters
  /** The files that rows were written to, in order. */
  readonly files: readonly string[]
  /** The last failure of the disk: `DYN_OUTPUT_UNWRITABLE`. */
  readonly problem: DynamoAgentError | undefined
  /** Resolves when every row given before is written or counted as dropped. Never rejects. */
  flush(): Promise<void>
  /** Writes what waits, for at most `closeTimeoutMs`. Every call returns the same promise, which never rejects. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Rows on their way to the disk. */
interface Batch {
  readonly rows: readonly string[]
  readonly bytes: number
  /** The write has been given to the system, which completes it even when the process exits. */
  issued: boolean
}

/**
 * Makes a sink that writes files as Dynamo does (measured on 1.6.1).
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION`
 */
export function createJsonlSink(options: JsonlSinkOptions): JsonlSink {
  const limits = resolveLimits(options)
  const { bufferBytes, flushIntervalMs, capacityBytes, closeTimeoutMs } = limits
  const output =
    options.format === 'jsonl_gz'
      ? createNumberedFiles({ path: options.path, ...limits })
      : createLiteralFile(options.path)

  const files: string[] = []
  const counters = {
    get waiting() {
      return accepted - settled
    },
    written: 0,
    writtenBytes: 0,
    dropped: 0,
    byReason: { capacity: 0, closed: 0, disk: 0, timeout: 0 },
  }
  let pending: string[] = []
  let waitingBytes = 0
  let accepted = 0
  let settled = 0
  let current: Batch | undefined
  let writing: Promise<void> | undefined
  let problem: DynamoAgentError | undefined
  let timer: NodeJS.Timeout | undefined
  let flushScheduled = false
  let forgetExit: (() => void) | undefined
  let closing: Promise<void> | undefined

  function drop(reason: RowDropReason, count = 1): void {
    counters.dropped += count
    counters.byReason[reason] += count
  }

  /** As many waiting rows as one write to the current file may hold. */
  function takeBatch(): Batch {
    let count = 0
    let bytes = 0
    for (const row of pending) {
      if (bytes >= bufferBytes) break
      const rowBytes = sizeOf(row)
      if (!output.admit(rowBytes)) {
        if (count > 0) break
        output.next(false)
        output.admit(rowBytes)
      }
      bytes += rowBytes
      count++
    }
    return { rows: pending.splice(0, count), bytes, issued: false }
  }

  function settle({ rows, bytes }: Batch, path: string): void {
    settled += rows.length
    waitingBytes -= bytes
    counters.written += rows.length
    counters.writtenBytes += bytes
    if (files.at(-1) !== path) files.push(path)
  }

  function fail({ rows, bytes, issued }: Batch, error: unknown): void {
    settled += rows.length
    waitingBytes -= bytes
    drop('disk', rows.length)
    problem = unwritable(options.path, error)
    output.next(issued)
  }

  async function writeBatch(): Promise<void> {
    const batch = takeBatch()
    current = batch
    try {
      const data = await output.encode(batch.rows)
      const { fd, path } = await output.open()
      batch.issued = true
      await writeAndClose(fd, data)
      settle(batch, path)
    } catch (error) {
      fail(batch, error)
    } finally {
      current = undefined
    }
  }

  function nextBatch(): Promise<void> {
    writing ??= writeBatch().finally(() => {
      writing = undefined
    })
    return writing
  }

  async function flush(): Promise<void> {
    const target = accepted
    while (settled < target) await nextBatch()
  }

  function scheduleFlush(): void {
    if (waitingBytes < bufferBytes) {
      timer ??= setTimeout(startFlush, flushIntervalMs).unref()
    } else if (!flushScheduled) {
      flushScheduled = true
      setImmediate(startFlush)
    }
  }

  function startFlush(): void {
    clearTimeout(timer)
    timer = undefined
    flushScheduled = false
    void flush()
  }

  async function shutDown(): Promise<void> {
    clearTimeout(timer)
    let timeout: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timeout = setTimeout(resolve, closeTimeoutMs)
    })
    await Promise.race([flush(), limit])
    clearTimeout(timeout)
    drop('timeout', pending.length)
    settled += pending.length
    pending = []
    forgetExit?.()
  }

  /**
   * The last turn of a process, where nothing can be awaited: a write that is
   * under way is finished by the system, perhaps behind what is written here.
   */
  function flushAtExit(): void {
    if (current !== undefined && !current.issued) writeSync(current)
    while (pending.length > 0) writeSync(takeBatch())
  }

  function writeSync(batch: Batch): void {
    try {
      const data = output.encodeSync(batch.rows)
      const { fd, path } = output.openSync()
      batch.issued = true
      writeAndCloseSync(fd, data)
      settle(batch, path)
    } catch (error) {
      fail(batch, error)
    }
  }

  const sink: JsonlSink = {
    async open() {
      try {
        await output.probe()
      } catch (error) {
        throw unwritable(options.path, error)
      }
    },
    write(row) {
      const bytes = sizeOf(row)
      const refusal = closing ? 'closed' : waitingBytes + bytes > capacityBytes ? 'capacity' : undefined
      if (refusal !== undefined) {
        drop(refusal)
        return
      }
      forgetExit ??= atProcessExit(flushAtExit)
      pending.push(row)
      waitingBytes += bytes
      accepted++
      scheduleFlush()
    },
    counters,
    files,
    get problem() {
      return problem
    },
    flush,
    close() {
      closing ??= shutDown()
      return closing
    },
    [Symbol.asyncDispose]() {
      return sink.close()
    },
  }
  return sink
}

/** Bytes of a row in a file, line feed included. */
function sizeOf(row: string): number {
  return Buffer.byteLength(row) + 1
}

function unwritable(path: string, cause: unknown): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice: 'Check that the folder may be written and the disk has room, or choose another path.',
    cause,
  })
}
