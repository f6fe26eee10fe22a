// SPDX-License-Identifier: Apache-2.0
import type { HarnessRecord, RequestErrorRecord } from '@dynamo-agent/core'

/** An error whose fate is open. */
export type OpenError = Omit<RequestErrorRecord, 'error'> & {
  readonly error: Omit<RequestErrorRecord['error'], 'attempt' | 'willRetry' | 'delayMs'>
}

/**
 * Finds out whether a failed request is tried again. Pi does not tell its
 * extensions: what comes next does. Until then the error is kept, and so is
 * every record behind it, because rows stand in order of time.
 */
export interface RetryWatch {
  readonly write: (record: HarnessRecord) => void
  failed(error: OpenError): void
  succeeded(): void
  /** The agent goes on by itself. */
  continued(): void
  /** It does not; whoever uses it may tell it to, and what fails then is the next attempt. */
  stopped(): void
  /** It does not, and what comes next is something else. */
  settled(): void
}

export function createRetryWatch(write: (record: HarnessRecord) => void, now: () => number): RetryWatch {
  let attempt = 0
  let open: OpenError | undefined
  let kept: HarnessRecord[] = []

  const close = (willRetry: boolean) => {
    if (open === undefined) return
    const { error, ...base } = open
    const delayMs = willRetry && { delayMs: now() - base.eventTimeMs }
    const records = kept
    open = undefined
    kept = []
    write({ ...base, error: { ...error, attempt, willRetry, ...delayMs } })
    for (const record of records) write(record)
  }
  const settle = () => {
    close(false)
    attempt = 0
  }
  return {
    write(record) {
      if (open === undefined) write(record)
      else kept.push(record)
    },
    failed(error) {
      close(false)
      attempt++
      open = error
    },
    succeeded: settle,
    continued() {
      close(true)
    },
    stopped() {
      close(false)
    },
    settled: settle,
  }
}
