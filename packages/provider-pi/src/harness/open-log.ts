// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type HarnessRecord } from '@dynamo-agent/core'
import type { HarnessLog } from '@dynamo-agent/jsonl-sink'

/** What `/dynamo` tells of the harness log. */
export interface HarnessLogStatus {
  readonly path: string
  readonly written: number
  readonly waiting: number
  readonly dropped: number
  /** Why rows cannot be written, if so. */
  readonly problem: DynamoAgentError | undefined
}

/** A harness log whose code may still be loading. No method throws or rejects. */
export interface OpenedLog {
  readonly write: (record: HarnessRecord) => void
  readonly status: HarnessLogStatus
  /** Bounded in time. */
  close(): Promise<void>
}

/** Records kept until the log is there; as many as it keeps itself. */
const CAPACITY = 10_000

export interface OpenLogOptions {
  /** Loads what makes the log of a path. @defaultValue jsonl-sink's */
  readonly load?: () => Promise<(path: string) => HarnessLog>
}

/** @param path As given: relative to where the process works now. */
export function openLog(path: string, options: OpenLogOptions = {}): OpenedLog {
  const { load = loadHarnessLog } = options
  let early: HarnessRecord[] | undefined = []
  let log: HarnessLog | undefined
  let failure: DynamoAgentError | undefined
  let lost = 0

  const write = (record: HarnessRecord) => {
    if (log !== undefined) log.record(record)
    else if (early !== undefined && early.length < CAPACITY) early.push(record)
    else lost++
  }
  const open = async () => {
    const kept = early ?? []
    try {
      log = (await load())(path)
    } catch (error) {
      failure = unavailable(error)
    }
    early = undefined
    for (const record of kept) write(record)
  }
  const opened = open()

  return {
    write,
    get status() {
      const { waiting, written, dropped } = log?.counters ?? { waiting: early?.length ?? 0, written: 0, dropped: 0 }
      return { path: log?.path ?? path, written, waiting, dropped: dropped + lost, problem: failure ?? log?.problem }
    },
    async close() {
      await opened
      await log?.close()
    },
  }
}

async function loadHarnessLog(): Promise<(path: string) => HarnessLog> {
  const { createHarnessLog } = await import('@dynamo-agent/jsonl-sink')
  return (path) => createHarnessLog({ path })
}

function unavailable(cause: unknown): DynamoAgentError {
  if (DynamoAgentError.isInstance(cause)) return cause
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `there is no harness log: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice: 'Install this package anew.',
    cause,
  })
}
