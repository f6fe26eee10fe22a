// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type HarnessRecord } from '@dynamo-agent/core'
import type { HarnessLog } from '@dynamo-agent/jsonl-sink'

/** A harness log whose code is loaded while it is used already. No method throws or rejects. */
export interface OpenedHarnessLog {
  /** Needs no `this`. */
  readonly record: (record: HarnessRecord) => void
  readonly written: number
  /** Records that no file has taken or will take. */
  readonly dropped: number
  /** Why records could not be written, if so. */
  readonly problem: DynamoAgentError | undefined
  /** Resolves when the code has been loaded, or cannot be. */
  readonly ready: Promise<void>
  flush(): Promise<void>
  close(): Promise<void>
}

/** Records kept until the log is there; a few milliseconds make no more. */
const EARLY_CAPACITY = 1000

/** Opens a harness log; the file is made by the first record. */
export function openHarnessLog(path: string): OpenedHarnessLog {
  let early: HarnessRecord[] | undefined = []
  let log: HarnessLog | undefined
  let problem: DynamoAgentError | undefined
  let unwritable = 0

  function record(entry: HarnessRecord): void {
    if (log !== undefined) log.record(entry)
    else if (early !== undefined && early.length < EARLY_CAPACITY) early.push(entry)
    else unwritable++
  }

  async function load(): Promise<void> {
    const kept = early ?? []
    try {
      const { createHarnessLog } = await import('@dynamo-agent/jsonl-sink')
      log = createHarnessLog({ path })
    } catch (cause) {
      problem = DynamoAgentError.isInstance(cause) ? cause : unloadable(cause)
    }
    early = undefined
    for (const entry of kept) record(entry)
  }
  const ready = load()

  return {
    record,
    get written() {
      return log?.counters.written ?? 0
    },
    get dropped() {
      return unwritable + (log?.counters.dropped ?? 0)
    },
    get problem() {
      return problem ?? log?.problem
    },
    ready,
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
    message: '@dynamo-agent/jsonl-sink, which writes the harness log, cannot be loaded',
    advice: 'Leave it out of the bundle, or unset DYN_AGENT_HARNESS_LOG.',
    cause,
  })
}
