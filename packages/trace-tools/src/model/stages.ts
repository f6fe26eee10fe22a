// SPDX-License-Identifier: Apache-2.0
import type { RequestMetrics } from '@dynamo-agent/core'
import type { Interval, Stage, StageName } from './trace-model.ts'

/**
 * Divides a request into its stages, by the rules of the converter that ships
 * with Dynamo: the time to first token parts prefill from decode; wait and
 * prefill are laid out from the start and end there at the latest; without a
 * time to first token nothing says where decode began, so there is none. A
 * stage without length is left out.
 */
export function divideIntoStages(interval: Interval, metrics: RequestMetrics): readonly Stage[] {
  const { ttftMs, prefillWaitMs = 0, prefillMs = 0 } = metrics
  // Sums are made of durations: next to an epoch time a double has but 0.2 µs left, and gaps would open.
  const totalMs = interval.endMs - interval.startMs
  const boundaryMs = ttftMs === undefined ? totalMs : clamp(ttftMs, 0, totalMs)
  const waitEndMs = clamp(prefillWaitMs, 0, boundaryMs)
  const prefillEndMs = clamp(waitEndMs + prefillMs, waitEndMs, boundaryMs)
  const stages: Stage[] = []
  const add = (name: StageName, fromMs: number, toMs: number): void => {
    if (toMs <= fromMs) return
    const endMs = toMs === totalMs ? interval.endMs : interval.startMs + toMs
    stages.push({ name, startMs: interval.startMs + fromMs, endMs })
  }
  add('prefill wait', 0, waitEndMs)
  add('prefill', waitEndMs, prefillEndMs)
  if (ttftMs !== undefined) add('decode', boundaryMs, totalMs)
  return stages
}

/** Epoch milliseconds of the first token; undefined where it is unknown or outside the request. */
export function findFirstToken(interval: Interval, metrics: RequestMetrics): number | undefined {
  if (metrics.ttftMs === undefined) return undefined
  const firstTokenMs = interval.startMs + metrics.ttftMs
  return firstTokenMs >= interval.startMs && firstTokenMs <= interval.endMs ? firstTokenMs : undefined
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
