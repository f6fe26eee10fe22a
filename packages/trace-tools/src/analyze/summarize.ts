// SPDX-License-Identifier: Apache-2.0
import { normalizeToolStatus, type ToolStatus, type TraceRecord } from '@dynamo-agent/core'
import type { ModelSink, SettledSpans } from '../model/model-sink.ts'
import { behind, hasRow } from '../model/span-places.ts'
import { createStreamModel } from '../model/stream-model.ts'
import * as told from '../model/told.ts'
import { batchRecords } from '../read/batch-records.ts'
import { rowFlag, toolText } from '../read/columns.ts'
import { textOf, type RowBatch } from '../read/row-batch.ts'
import type { CacheLosses } from './cache-loss.ts'
import { createHarnessSummarizer, type HarnessSummary } from './harness-summary.ts'
import * as sum from './request-sums.ts'
import { SpanAnalysis } from './span-analysis.ts'
import { divideWallTime, type WallTime } from './wall-time.ts'

/** The short answer to what happened and where the time went. */
export interface TraceSummary {
  /** Sessions that have an id. */
  readonly sessions: number
  /** Their ids, in order of start. */
  readonly sessionIds: readonly string[]
  /** Of those sessions. */
  readonly trajectories: number
  readonly requests: number
  /** Those of them that named no session. */
  readonly unattributedRequests: number
  readonly toolCalls: ToolCallCounts
  readonly tokens: TokenSums
  readonly wallTime: WallTime
  readonly cache: CacheSummary
  /** What harness logs tell besides; absent where there are none. */
  readonly harness?: HarnessSummary
}

/** How tool calls ended; one may be in none of the counts but the total, or in several. */
export interface ToolCallCounts {
  readonly total: number
  /** Ended by a tool_error, cancelled ones not among them. */
  readonly errors: number
  readonly cancelled: number
  /** Reported by nobody; known only because the model asked for them. */
  readonly inferred: number
  /** Started and never ended. */
  readonly unended: number
}

/** Tokens of all requests together; one that does not tell counts as 0. */
export interface TokenSums {
  readonly input: number
  readonly output: number
  /** Input tokens that were found in a KV cache. */
  readonly cached: number
}

/** What the KV caches saved, and where they could have saved more. */
export interface CacheSummary {
  /** Input tokens of the requests that tell how many of theirs were cached; the others could have reused any number. */
  readonly measuredInputTokens: number
  /** Cached tokens over `measuredInputTokens`, of the same requests; absent where there are none. */
  readonly reusedShare?: number
  /** Turns that could have reused what the turn before them left, and did not. */
  readonly losses: CacheLosses
}

/** Sums up what a streamed model tells, in bounded memory. */
export interface TraceSummarizer extends ModelSink {
  /** Complete after the end. */
  result(): TraceSummary
}

export function createTraceSummarizer(): TraceSummarizer {
  const analysis = new SpanAnalysis()
  const harness = createHarnessSummarizer()
  const toolCalls = { total: 0, errors: 0, cancelled: 0, inferred: 0, unended: 0 }
  const counts = { sessions: 0, trajectories: 0 }
  let sessionIds: readonly string[] = []

  /** Most of it is not looked at, so the span is read where it is told. */
  function countCall(spans: SettledSpans, place: number): void {
    const { values } = spans
    const timing = values[place + told.TIMING]
    if (values[place + told.IS_TWOFOLD] !== 0 && timing === told.INFERRED) return
    toolCalls.total++
    if (timing === told.UNENDED) toolCalls.unended++
    if (values[place + told.ASKED] !== 0) toolCalls.inferred++
    const status = hasRow(values, place) ? statusOf(spans.batchAt(values[place + told.SLOT] ?? 0), values[place + told.ROW] ?? 0) : undefined
    if (status === 'cancelled') toolCalls.cancelled++
    else if (values[place + told.IS_FAILED] !== 0 || status === 'error') toolCalls.errors++
  }

  return {
    spans(spans) {
      analysis.take(spans)
      const { values } = spans
      for (let place = 0; place < values.length; place = behind(values, place)) {
        if (values[place + told.KIND] === told.TOOL_CALL) countCall(spans, place)
      }
    },
    harness(event) {
      harness.add(event)
    },
    end({ sessions }) {
      const named = sessions.filter(({ id }) => id !== undefined)
      sessionIds = named.flatMap(({ id }) => id ?? [])
      counts.sessions = named.length
      counts.trajectories = named.reduce((sum, { trajectories }) => sum + trajectories.length, 0)
      for (const { startMs, endMs } of named) analysis.module.coverAgent(startMs, endMs)
    },
    result() {
      const harnessSummary = harness.result()
      const sums = analysis.sums()
      const sumAt = (place: number): number => sums[place] ?? 0
      const measuredInputTokens = sumAt(sum.MEASURED_INPUT)
      return {
        requests: sumAt(sum.REQUESTS),
        unattributedRequests: sumAt(sum.UNATTRIBUTED),
        ...counts,
        sessionIds,
        toolCalls,
        tokens: { input: sumAt(sum.INPUT), output: sumAt(sum.OUTPUT), cached: sumAt(sum.CACHED) },
        wallTime: divideWallTime(analysis.module),
        cache: {
          measuredInputTokens,
          ...(measuredInputTokens > 0 && { reusedShare: sumAt(sum.MEASURED_CACHED) / measuredInputTokens }),
          losses: analysis.losses.result(),
        },
        ...(harnessSummary && { harness: harnessSummary }),
      }
    },
  }
}

/** Sums a trace up, as plain data for a table. */
export function summarizeTrace(records: Iterable<TraceRecord>): TraceSummary {
  const summarizer = createTraceSummarizer()
  const model = createStreamModel({ sink: summarizer, wholeBytes: Infinity })
  model.add(batchRecords([...records]))
  model.end()
  return summarizer.result()
}

function statusOf(batch: RowBatch, row: number): ToolStatus | undefined {
  if (((batch.flags[row] ?? 0) & rowFlag.succeeded) !== 0) return 'succeeded'
  return normalizeToolStatus(textOf({ batch, row }, toolText.status))
}
