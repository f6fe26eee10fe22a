// SPDX-License-Identifier: Apache-2.0
import type { Request, ToolSpan, TraceModel } from '../model/trace-model.ts'
import { findCacheLosses, type CacheLoss } from './cache-loss.ts'
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
  readonly losses: readonly CacheLoss[]
}

/** Sums a trace up, as plain data for a table. */
export function summarizeTrace(model: TraceModel): TraceSummary {
  const named = model.sessions.filter((session) => session.id !== undefined)
  const trajectories = model.sessions.flatMap((session) => session.trajectories)
  const requests = trajectories.flatMap((trajectory) => trajectory.requests)
  const namedRequests = named.flatMap((session) => session.trajectories.flatMap((trajectory) => trajectory.requests))
  return {
    sessions: named.length,
    sessionIds: named.flatMap(({ id }) => id ?? []),
    trajectories: named.reduce((sum, session) => sum + session.trajectories.length, 0),
    requests: requests.length,
    unattributedRequests: requests.length - namedRequests.length,
    toolCalls: countToolCalls(trajectories.flatMap((trajectory) => trajectory.toolCalls)),
    tokens: sumTokens(requests),
    wallTime: divideWallTime(model),
    cache: { ...measureReuse(requests), losses: findCacheLosses(model) },
  }
}

function countToolCalls(toolCalls: readonly ToolSpan[]): ToolCallCounts {
  const count = (matches: (tool: ToolSpan) => boolean): number => toolCalls.filter(matches).length
  const isCancelled = ({ call }: ToolSpan): boolean => call.status === 'cancelled'
  return {
    total: toolCalls.length,
    errors: count((tool) => (tool.failed || tool.call.status === 'error') && !isCancelled(tool)),
    cancelled: count(isCancelled),
    inferred: count((tool) => tool.asked !== undefined),
    unended: count((tool) => tool.timing === 'unended'),
  }
}

function sumTokens(requests: readonly Request[]): TokenSums {
  const sum = (key: 'inputTokens' | 'outputTokens' | 'cachedTokens'): number =>
    requests.reduce((total, { record }) => total + (record.request[key] ?? 0), 0)
  return { input: sum('inputTokens'), output: sum('outputTokens'), cached: sum('cachedTokens') }
}

function measureReuse(requests: readonly Request[]): Omit<CacheSummary, 'losses'> {
  const telling = requests.filter(
    ({ record: { request } }) => request.inputTokens !== undefined && request.cachedTokens !== undefined,
  )
  const { input, cached } = sumTokens(telling)
  return { measuredInputTokens: input, ...(input > 0 && { reusedShare: cached / input }) }
}
