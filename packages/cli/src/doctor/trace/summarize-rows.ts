// SPDX-License-Identifier: Apache-2.0
import type { TraceRecord } from '@dynamo-agent/core'
import { buildTraceModel, type Trajectory } from '@dynamo-agent/trace-tools'
import { PROBE_PREFIX } from '../examination.ts'

/** What the rows of a trace say about how it was recorded. */
export interface TraceSummary {
  /** No agent has rows here; these are the probes of examinations, and requests that name nobody. */
  readonly onlyProbes: boolean
  readonly requests: number
  /** Requests that name no agent. */
  readonly anonymousRequests: number
  readonly toolEvents: number
  /** Tool calls that the model asked for; Dynamo 1.3 and later tell. */
  readonly toolCallsAskedFor: number
  /** Some request tells whether tools were asked for. */
  readonly tellsToolCalls: boolean
  /** Trajectories that have requests, tool events, or both. */
  readonly trajectories: {
    readonly requests: ReadonlySet<string>
    readonly tools: ReadonlySet<string>
    readonly both: ReadonlySet<string>
  }
  /**
   * How far the harness's clock is ahead of Dynamo's, in milliseconds, as far
   * as that follows from tool calls: they start after the request that asked
   * for them and end before the next. Absent where nothing follows.
   */
  readonly harnessAheadMs?: number
}

/** Sums up rows of a trace. Those of earlier examinations count only where no agent has any. */
export function summarizeRows(rows: readonly TraceRecord[]): TraceSummary {
  const isAgents = ({ identity }: TraceRecord) =>
    identity !== undefined && !identity.trajectoryId.startsWith(PROBE_PREFIX)
  const isProbe = ({ identity }: TraceRecord) => identity?.trajectoryId.startsWith(PROBE_PREFIX) === true
  const onlyProbes = rows.some(isProbe) && !rows.some(isAgents)
  const judged = onlyProbes ? rows : rows.filter((row) => !isProbe(row))
  const requests = judged.flatMap((row) => (row.type === 'request_end' ? [row] : []))
  const toolEvents = judged.filter(({ type }) => type !== 'request_end')
  const [withRequests, withTools] = [requests, toolEvents].map(
    (kind) => new Set(kind.flatMap(({ identity }) => identity?.trajectoryId ?? [])),
  ) as [Set<string>, Set<string>]
  const finishes = requests.flatMap(({ request }) => request.finish ?? [])
  const harnessAheadMs = estimateHarnessAhead(
    buildTraceModel(judged).sessions.flatMap((session) => session.trajectories),
  )
  return {
    onlyProbes,
    requests: requests.length,
    anonymousRequests: requests.filter(({ identity }) => identity === undefined).length,
    toolEvents: toolEvents.length,
    toolCallsAskedFor: finishes.reduce((sum, { toolCalls }) => sum + toolCalls.length, 0),
    tellsToolCalls: finishes.length > 0,
    trajectories: {
      requests: withRequests,
      tools: withTools,
      both: new Set([...withTools].filter((id) => withRequests.has(id))),
    },
    ...(harnessAheadMs !== undefined && { harnessAheadMs }),
  }
}

/**
 * The middle values stand for all: single tools run in the background, past
 * the next request, or start while the model still speaks. A clock that is
 * ahead moves the start of a tool as much as its end, which tells it from
 * tools that only take long. A call id that was given twice tells nothing.
 */
function estimateHarnessAhead(trajectories: readonly Trajectory[]): number | undefined {
  const startLags: number[] = []
  const endLeads: number[] = []
  for (const { requests, toolCalls } of trajectories) {
    const spans = new Map(
      toolCalls
        .filter(({ timing }) => timing === 'measured' || timing === 'paired')
        .map((span) => [span.call.toolCallId, span]),
    )
    const asked = requests.flatMap(({ record, endMs }, index) =>
      (record.request.finish?.toolCalls ?? []).map(({ id }) => ({ id, endMs, next: requests[index + 1] })),
    )
    const times = new Map<string | undefined, number>()
    for (const { id } of asked) times.set(id, (times.get(id) ?? 0) + 1)
    for (const { id, endMs, next } of asked) {
      const span = id === undefined || times.get(id) !== 1 ? undefined : spans.get(id)
      if (span === undefined) continue
      startLags.push(span.startMs - endMs)
      if (next !== undefined) endLeads.push(span.endMs - next.startMs)
    }
  }
  const [lag, lead] = [median(startLags), median(endLeads)]
  if (lag === undefined) return undefined
  if (lag < 0) return lag
  return lead !== undefined && lead > 0 ? Math.min(lag, lead) : 0
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]
}
