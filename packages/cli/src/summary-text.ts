// SPDX-License-Identifier: Apache-2.0
import type { TraceSummary, WallTimeName, WallTimePart } from '@dynamo-agent/trace-tools'
import {
  formatBar,
  formatColumns,
  formatCount,
  formatCounted,
  formatDuration,
  formatSeconds,
  formatShare,
} from './format.ts'

/** The order in which a request and what follows it take their time. */
const partOrder: readonly WallTimeName[] = ['prefill wait', 'prefill', 'decode', 'request', 'tools', 'agent']

const barWidth = 18

/** `1 session, 3 trajectories, 14 requests, 19 tool calls (1 error)` */
export function describeCounts({
  sessions,
  trajectories,
  requests,
  unattributedRequests,
  toolCalls,
}: TraceSummary): string {
  const strangers = unattributedRequests > 0 ? ` (${formatCount(unattributedRequests)} without a session)` : ''
  return [
    formatCounted(sessions, 'session'),
    formatCounted(trajectories, 'trajectory', 'trajectories'),
    formatCounted(requests, 'request') + strangers,
    formatCounted(toolCalls.total, 'tool call') + describeToolEnds(toolCalls),
  ].join(', ')
}

/** `6.2 s wall` */
export function formatWall({ wallTime }: TraceSummary): string {
  return `${formatDuration(wallTime.totalMs)} wall`
}

/**
 * `41,310 tokens in (78 % from the KV cache), 2,140 out`; where only some
 * requests tell what they reused, `(78 % of 30,000 from the KV cache)`.
 */
export function describeTokens({ tokens, cache }: TraceSummary): string {
  const { reusedShare, measuredInputTokens } = cache
  const base = measuredInputTokens === tokens.input ? '' : ` of ${formatCount(measuredInputTokens)}`
  const reused = reusedShare === undefined ? '' : ` (${formatShare(reusedShare)}${base} from the KV cache)`
  return `${formatCount(tokens.input)} tokens in${reused}, ${formatCount(tokens.output)} out`
}

/** `6.2 s: prefill 1.0 s, decode 2.6 s, tools 2.0 s, agent 0.5 s` */
export function describeWallTime(summary: TraceSummary): string {
  const parts = orderedParts(summary)
    .filter(shows)
    .map(({ name, ms }) => `${name} ${formatSeconds(ms)}`)
  return [formatDuration(summary.wallTime.totalMs), parts.join(', ')].filter((text) => text !== '').join(': ')
}

/** A line with a bar for each part of the wall time. */
export function drawWallTime(summary: TraceSummary): string[] {
  const rows = orderedParts(summary)
    .filter((part) => part.name !== 'request' || shows(part))
    .map(({ name, ms, share }) => [name, formatBar(share, barWidth), formatSeconds(ms), formatShare(share)])
  return formatColumns(rows, [2, 3]).map((line) => `  ${line}`)
}

/** What became of the KV cache; undefined where no row tells. */
export function describeCache({ cache }: TraceSummary): string | undefined {
  if (cache.reusedShare === undefined) return undefined
  const reused = `KV cache reused ${formatShare(cache.reusedShare)} of ${formatCount(cache.measuredInputTokens)} input tokens`
  const { count, moved } = cache.losses
  if (count === 0) return reused
  const why = moved === 0 ? '' : moved === count ? ' (worker changed)' : ` (${moved} because the worker changed)`
  return `${reused}; ${formatCounted(count, 'turn')} lost ${count === 1 ? 'its' : 'their'} cache${why}`
}

/** `harness: 12 turns (1 error), 2 compactions, 3 failed requests (dynamo 503: 3), 41.0 s for people, 0.12 USD`; undefined without a harness log. */
export function describeHarness({ harness }: TraceSummary): string | undefined {
  if (harness === undefined) return undefined
  const { turns, compactions, retries, requestErrors, userWaitMs, costUsd } = harness
  const failed = requestErrors.reduce((sum, { count }) => sum + count, 0)
  const ways = requestErrors.map(({ provider, status, count }) => `${provider} ${status ?? 'without an answer'}: ${formatCount(count)}`)
  const parts = [
    formatCounted(turns.total, 'turn') + (turns.errors > 0 ? ` (${formatCounted(turns.errors, 'error')})` : ''),
    ...(compactions > 0 ? [formatCounted(compactions, 'compaction')] : []),
    ...(failed > 0 ? [`${formatCounted(failed, 'failed request')} (${ways.join(', ')})`] : []),
    ...(retries > 0 ? [formatCounted(retries, 'retry', 'retries')] : []),
    ...(userWaitMs > 0 ? [`${formatDuration(userWaitMs)} for people`] : []),
    ...(costUsd === undefined ? [] : [`${costUsd.toFixed(2)} USD`]),
  ]
  return `harness: ${parts.join(', ')}`
}

function orderedParts({ wallTime }: TraceSummary): readonly WallTimePart[] {
  return wallTime.parts.toSorted((left, right) => partOrder.indexOf(left.name) - partOrder.indexOf(right.name))
}

/** It is more than `0.0 s`. */
function shows({ ms }: WallTimePart): boolean {
  return ms >= 50
}

function describeToolEnds({ errors, cancelled, unended, inferred }: TraceSummary['toolCalls']): string {
  const ends = [
    ...(errors > 0 ? [formatCounted(errors, 'error')] : []),
    ...(cancelled > 0 ? [`${formatCount(cancelled)} cancelled`] : []),
    ...(unended > 0 ? [`${formatCount(unended)} never ended`] : []),
    ...(inferred > 0 ? [`${formatCount(inferred)} inferred`] : []),
  ]
  return ends.length === 0 ? '' : ` (${ends.join(', ')})`
}
