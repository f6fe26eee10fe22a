// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '../errors.ts'
import type { HarnessRecord } from './harness-record.ts'

/** Writes harness records, as jsonl-sink's log does. No method throws or rejects. */
export interface HarnessLogSink {
  readonly path: string
  readonly record: (record: HarnessRecord) => void
  readonly counters: { readonly waiting: number; readonly written: number; readonly dropped: number }
  readonly problem: DynamoAgentError | undefined
  /**
   * Has a synchronous task run in the last turn of the process, before what
   * waits is written.
   *
   * @returns Takes the task back.
   */
  beforeExit(task: () => void): () => void
  flush(): Promise<void>
  /** Bounded in time. */
  close(): Promise<void>
}

/** How a harness log is opened. */
export interface OpenHarnessLogOptions {
  /** As given: relative to where the process works now. */
  readonly path: string
  /** Loads what makes the log, such as jsonl-sink's createHarnessLog. */
  readonly load: () => Promise<(options: { readonly path: string }) => HarnessLogSink>
}

/** What has become of the rows of a harness log; each record is in exactly one of the three counts. */
export interface HarnessLogStatus {
  readonly path: string
  readonly written: number
  readonly waiting: number
  readonly dropped: number
  /** Why rows cannot be written, if so. */
  readonly problem: DynamoAgentError | undefined
}

/** A harness log whose code may still be loading. No method throws or rejects. */
export interface OpenedHarnessLog extends Pick<HarnessLogSink, 'beforeExit' | 'flush' | 'close'> {
  /** Needs no `this`. */
  readonly record: (record: HarnessRecord) => void
  readonly status: HarnessLogStatus
  /** Resolves when the code has been loaded, or cannot be. */
  readonly ready: Promise<void>
}

/** Records kept until the log is there; as many as it keeps itself. */
const EARLY_CAPACITY = 10_000

/** Opens a harness log that is used at once, while the code that writes it is loaded. */
export function openHarnessLog({ path, load }: OpenHarnessLogOptions): OpenedHarnessLog {
  let early: HarnessRecord[] | undefined = []
  let log: HarnessLogSink | undefined
  let failure: DynamoAgentError | undefined
  let lost = 0
  const exitTasks = new Set<() => void>()

  const record = (entry: HarnessRecord) => {
    if (log !== undefined) log.record(entry)
    else if (early !== undefined && early.length < EARLY_CAPACITY) early.push(entry)
    else lost++
  }
  const open = async () => {
    const kept = early ?? []
    try {
      const create = await load()
      log = create({ path })
      log.beforeExit(() => {
        for (const task of exitTasks) task()
      })
    } catch (error) {
      failure = DynamoAgentError.isInstance(error) ? error : unloadable(error)
    }
    early = undefined
    for (const entry of kept) record(entry)
  }
  const ready = open()

  return {
    record,
    get status() {
      const { waiting, written, dropped } = log?.counters ?? { waiting: early?.length ?? 0, written: 0, dropped: 0 }
      return { path: log?.path ?? path, written, waiting, dropped: dropped + lost, problem: failure ?? log?.problem }
    },
    ready,
    beforeExit(task) {
      exitTasks.add(task)
      return () => exitTasks.delete(task)
    },
    async flush() {
      await ready
      await log?.flush()
    },
    async close() {
      await ready
      await log?.close()
    },
  }
}

function unloadable(cause: unknown): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `what writes the harness log cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice: 'Install @dynamo-agent/jsonl-sink anew and leave it out of bundles, or unset DYN_AGENT_HARNESS_LOG.',
    cause,
  })
}
