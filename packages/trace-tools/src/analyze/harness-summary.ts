// SPDX-License-Identifier: Apache-2.0
import type { RequestError } from '@dynamo-agent/core'
import type { HarnessEvent } from '../model/model-sink.ts'

/** What harness logs tell that no trace of Dynamo does. */
export interface HarnessSummary {
  readonly turns: TurnCounts
  readonly compactions: number
  readonly checkpoints: number
  /** Requests that failed and were tried again. */
  readonly retries: number
  /** Requests that failed, by provider and status, the most frequent first. */
  readonly requestErrors: readonly RequestErrorCount[]
  /** Time in which agents waited for a person, all of it added up, in milliseconds. */
  readonly userWaitMs: number
  /** US dollars; absent where no turn told what it cost. */
  readonly costUsd?: number
}

export interface TurnCounts {
  readonly total: number
  readonly errors: number
  readonly cancelled: number
}

/** How often requests to a provider failed in one way. */
export interface RequestErrorCount {
  readonly provider: string
  /** HTTP status; absent where no answer came. */
  readonly status?: number
  readonly count: number
}

/** Sums up what harnesses tell. */
export interface HarnessSummarizer {
  add(event: HarnessEvent): void
  /** Undefined where no row of a harness log came. */
  result(): HarnessSummary | undefined
}

export function createHarnessSummarizer(): HarnessSummarizer {
  const turns = { total: 0, errors: 0, cancelled: 0 }
  const sums = { compactions: 0, checkpoints: 0, retries: 0, userWaitMs: 0 }
  const errors = new Map<string, { -readonly [Key in keyof RequestErrorCount]: RequestErrorCount[Key] }>()
  let costUsd: number | undefined
  let rows = 0

  function countError({ provider, status, willRetry }: RequestError): void {
    if (willRetry) sums.retries++
    const key = `${status ?? ''} ${provider}`
    const known = errors.get(key)
    if (known !== undefined) known.count++
    else errors.set(key, { provider, ...(status !== undefined && { status }), count: 1 })
  }

  return {
    add({ record }) {
      rows++
      switch (record.type) {
        case 'turn_end': {
          const { outcome, usage } = record.turn
          turns.total++
          if (outcome === 'error') turns.errors++
          if (outcome === 'cancelled') turns.cancelled++
          if (usage?.costUsd !== undefined) costUsd = (costUsd ?? 0) + usage.costUsd
          break
        }
        case 'request_error':
          countError(record.error)
          break
        case 'compaction':
          sums.compactions++
          break
        case 'checkpoint':
          sums.checkpoints++
          break
        case 'user_wait':
          sums.userWaitMs += record.wait.durationMs
          break
        case 'session_start':
        case 'setting_change':
        case 'session_end':
      }
    },
    result() {
      if (rows === 0) return undefined
      const requestErrors = [...errors.values()].sort(byFrequency)
      return { turns, ...sums, requestErrors, ...(costUsd !== undefined && { costUsd }) }
    },
  }
}

function byFrequency(a: RequestErrorCount, b: RequestErrorCount): number {
  if (a.count !== b.count) return b.count - a.count
  if (a.provider !== b.provider) return a.provider < b.provider ? -1 : 1
  return (a.status ?? 0) - (b.status ?? 0)
}
