// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { DynamoAgentError, encodeHarnessRecord, type HarnessRecord } from '@dynamo-agent/core'
import { prepareLogFile } from './harness-log-file.ts'
import { resolveHarnessLogLimits, type HarnessLogOptions } from './harness-log-options.ts'
import { createJsonlSink, type RowDropReason } from './jsonl-sink.ts'
import { atProcessExit } from './process-exit.ts'

/** Why a record was dropped; `invalid`: it lacks what every row of its type has, or a number in it is NaN. */
export type HarnessRecordDropReason = RowDropReason | 'invalid'

/** Every record given to `record` is in exactly one of `waiting`, `written` and `dropped`. */
export interface HarnessLogCounters {
  readonly waiting: number
  readonly written: number
  readonly dropped: number
  readonly byReason: Readonly<Record<HarnessRecordDropReason, number>>
}

/** An append-only log of what only the harness knows. */
export interface HarnessLog {
  /** The file, as an absolute path. */
  readonly path: string
  /**
   * Takes one record and returns at once: it is encoded when it is written, so
   * it must not be changed any more. Never throws. Needs no `this`.
   */
  readonly record: (record: HarnessRecord) => void
  readonly counters: HarnessLogCounters
  /** The last failure of the disk: `DYN_OUTPUT_UNWRITABLE`. */
  readonly problem: DynamoAgentError | undefined
  /**
   * Has a synchronous task run in the last turn of the process, before what
   * waits is written: the place to record how things ended.
   *
   * @returns Takes the task back.
   */
  beforeExit(task: () => void): () => void
  /** Resolves when every record given before is written or counted as dropped. Never rejects. */
  flush(): Promise<void>
  /** Writes what waits, for at most `closeTimeoutMs`. Every call returns the same promise, which never rejects. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Records that are encoded in one turn and go to the file in one write: some two milliseconds of work. */
const BATCH_RECORDS = 256

/** The sink is flushed by hand, so its own interval has nothing to do. */
const NEVER_MS = 2 ** 31 - 1

/**
 * Makes a log whose rows are those of `dynamo.agent.harness.v1`. Rows are
 * appended in whole lines, one write for each flush, so that processes on one
 * machine can share a file and anybody can follow it.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION`; `DYN_OUTPUT_UNWRITABLE` where
 * the path is a pipe, whose opening waits until somebody reads: not even the
 * end of the process would come.
 */
export function createHarnessLog(options: HarnessLogOptions): HarnessLog {
  const { rotateBytes, flushIntervalMs, capacity, closeTimeoutMs } = resolveHarnessLogLimits(options)
  // Tools may change the folder of the process.
  const path = resolve(options.path)
  if (isPipe(path)) throw unprepared(path, new Error('it is a pipe'))
  // Whoever closes it has flushed it before, as long as there was time.
  const sink = createJsonlSink({ path, flushIntervalMs: NEVER_MS, closeTimeoutMs: 1 })

  const dropped = { capacity: 0, closed: 0, timeout: 0, invalid: 0 }
  let queue: HarnessRecord[] = []
  let flushed: Promise<void> = Promise.resolve()
  let preparationProblem: DynamoAgentError | undefined
  let timer: NodeJS.Timeout | undefined
  let forgetExit: (() => void) | undefined
  let closing: Promise<void> | undefined
  const exitTasks = new Set<() => void>()

  function encode(records: readonly HarnessRecord[]): void {
    for (const record of records) {
      const row = encodeHarnessRecord(record)
      if (row === undefined) dropped.invalid++
      else sink.write(JSON.stringify(row))
    }
  }

  /** A file that cannot be set aside can still be appended to; whether it can, the sink finds out. */
  async function prepare(): Promise<void> {
    try {
      await prepareLogFile(path, rotateBytes)
      preparationProblem = undefined
    } catch (error) {
      preparationProblem = unprepared(path, error)
    }
  }

  /** Whoever closes has little time, and nothing else to do in it. */
  async function writeQueue(): Promise<void> {
    while (queue.length > 0) {
      await prepare()
      encode(queue.splice(0, closing ? queue.length : BATCH_RECORDS))
      await sink.flush()
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    flushed = flushed.then(writeQueue)
    return flushed
  }

  async function shutDown(): Promise<void> {
    let timeout: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timeout = setTimeout(resolve, closeTimeoutMs)
    })
    await Promise.race([flush(), limit])
    clearTimeout(timeout)
    dropped.timeout += queue.length
    queue = []
    await sink.close()
    forgetExit?.()
  }

  /** Comes before the sink's own last turn, which writes what it is given here. */
  function takeLastTurn(): void {
    for (const task of exitTasks) task()
    encode(queue)
    queue = []
  }

  const log: HarnessLog = {
    path,
    record(record) {
      if (closing) dropped.closed++
      else if (queue.length >= capacity) dropped.capacity++
      else {
        forgetExit ??= atProcessExit(takeLastTurn)
        queue.push(record)
        timer ??= setTimeout(() => void flush(), flushIntervalMs).unref()
      }
    },
    counters: {
      get waiting() {
        return queue.length + sink.counters.waiting
      },
      get written() {
        return sink.counters.written
      },
      get dropped() {
        return Object.values(this.byReason).reduce((sum, count) => sum + count)
      },
      get byReason() {
        const { capacity, closed, disk, timeout } = sink.counters.byReason
        return {
          capacity: dropped.capacity + capacity,
          closed: dropped.closed + closed,
          disk,
          timeout: dropped.timeout + timeout,
          invalid: dropped.invalid,
        }
      },
    },
    get problem() {
      return sink.problem ?? preparationProblem
    },
    beforeExit(task) {
      forgetExit ??= atProcessExit(takeLastTurn)
      exitTasks.add(task)
      return () => exitTasks.delete(task)
    },
    flush,
    close() {
      closing ??= shutDown()
      return closing
    },
    [Symbol.asyncDispose]() {
      return log.close()
    },
  }
  return log
}

function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO()
  } catch {
    // What is wrong with it shows when it is written to.
    return false
  }
}

function unprepared(path: string, cause: unknown): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `cannot go on in ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice: 'Check that the folder may be written, or choose another path.',
    cause,
  })
}
