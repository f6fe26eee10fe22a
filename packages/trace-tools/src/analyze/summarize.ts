// SPDX-License-Identifier: Apache-2.0
import { normalizeToolStatus, type ToolStatus, type TraceRecord } from '@dynamo-agent/core'
import type { ModelSink, ToolCallSpan } from '../model/model-sink.ts'
import { createStreamModel } from '../model/stream-model.ts'
import { batchRecords } from '../read/batch-records.ts'
import { requestNumber, toolText } from '../read/columns.ts'
import { numberOf, textOf, textStart } from '../read/row-batch.ts'
import { createAnalyzeModule } from './analyze-module.ts'
import { createCacheLossFinder, type CacheLosses } from './cache-loss.ts'
import { createHarnessSummarizer, type HarnessSummary } from './harness-summary.ts'
import { createWallTimeDivision, type WallTime } from './wall-time.ts'

const LOWER_S = 0x73

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
  const module = createAnalyzeModule()
  const wallTime = createWallTimeDivision(module)
  const cacheLosses = createCacheLossFinder(module)
  const harness = createHarnessSummarizer()
  const tokens = { input: 0, output: 0, cached: 0 }
  const measured = { input: 0, cached: 0 }
  const toolCalls = { total: 0, errors: 0, cancelled: 0, inferred: 0, unended: 0 }
  const counts = { requests: 0, unattributedRequests: 0, sessions: 0, trajectories: 0 }
  let sessionIds: readonly string[] = []

  const sums: ModelSink = {
    request({ row, trajectory }) {
      counts.requests++
      if (trajectory.contextFree) counts.unattributedRequests++
      const input = numberOf(row, requestNumber.inputTokens)
      const cached = numberOf(row, requestNumber.cachedTokens)
      tokens.input += input || 0
      tokens.output += numberOf(row, requestNumber.outputTokens) || 0
      tokens.cached += cached || 0
      if (Number.isNaN(input) || Number.isNaN(cached)) return
      measured.input += input
      measured.cached += cached
    },
    tool(call) {
      if (call.isTwofold === true && call.timing === 'inferred') return
      toolCalls.total++
      if (call.timing === 'unended') toolCalls.unended++
      if (call.asked !== undefined) toolCalls.inferred++
      const status = statusOf(call)
      if (status === 'cancelled') toolCalls.cancelled++
      else if (call.failed || status === 'error') toolCalls.errors++
    },
    end({ sessions }) {
      const named = sessions.filter(({ id }) => id !== undefined)
      sessionIds = named.flatMap(({ id }) => id ?? [])
      counts.sessions = named.length
      counts.trajectories = named.reduce((sum, { trajectories }) => sum + trajectories.length, 0)
    },
  }

  return {
    // Not as teeModel() would: each call has one target here, and is inlined.
    request(request) {
      sums.request(request)
      wallTime.request(request)
      cacheLosses.request(request)
    },
    tool(call) {
      sums.tool(call)
      wallTime.tool(call)
      cacheLosses.tool(call)
    },
    harness(event) {
      harness.add(event)
    },
    end(outline) {
      sums.end(outline)
      wallTime.end(outline)
      cacheLosses.end(outline)
    },
    result() {
      const told = harness.result()
      return {
        ...counts,
        sessionIds,
        toolCalls,
        tokens,
        wallTime: wallTime.result(),
        cache: {
          measuredInputTokens: measured.input,
          ...(measured.input > 0 && { reusedShare: measured.cached / measured.input }),
          losses: cacheLosses.result(),
        },
        ...(told && { harness: told }),
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

function statusOf({ row, timing }: ToolCallSpan): ToolStatus | undefined {
  if (row === undefined || timing === 'unended') return undefined
  // Most calls succeed, which the first letter tells without decoding the rest.
  const first = row.batch.bytes[textStart(row, toolText.status)]
  return first === LOWER_S ? 'succeeded' : normalizeToolStatus(textOf(row, toolText.status))
}
