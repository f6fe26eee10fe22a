// SPDX-License-Identifier: Apache-2.0
import type { Interval, TraceModel } from '../../model/trace-model.ts'

/** A counter's value from a moment on. */
export interface CounterPoint {
  readonly timeMs: number
  readonly value: number
}

export interface Counter {
  readonly name: string
  readonly unit: string
  /** By time, one for each moment at which the value changes. */
  readonly points: readonly CounterPoint[]
}

/** What went on at once in the whole trace. A counter that never has a value is left out. */
export function countActivities({ sessions }: Pick<TraceModel, 'sessions'>): Counter[] {
  const trajectories = sessions.flatMap((session) => session.trajectories)
  const requests = trajectories.flatMap((trajectory) => trajectory.requests)
  const toolCalls = trajectories.flatMap((trajectory) => trajectory.toolCalls)
  const queueDepths = requests
    .toSorted((a, b) => a.startMs - b.startMs)
    .flatMap(({ startMs, record }) => {
      const value = record.request.queueDepth
      return value === undefined ? [] : [{ timeMs: startMs, value: Math.round(value) }]
    })
  return [
    { name: 'LLM requests in flight', unit: 'requests', points: countOpen(requests) },
    { name: 'tool calls in flight', unit: 'calls', points: countOpen(toolCalls) },
    { name: 'router queue depth', unit: 'requests', points: changes(queueDepths) },
  ].filter(({ points }) => points.length > 0)
}

/** An interval counts from its start up to its end; one of no length never counts. */
function countOpen(intervals: readonly Interval[]): CounterPoint[] {
  const starts = Float64Array.from(intervals, ({ startMs }) => startMs).sort()
  const ends = Float64Array.from(intervals, ({ startMs, endMs }) => Math.max(startMs, endMs)).sort()
  const points: CounterPoint[] = []
  let begun = 0
  let over = 0
  for (const timeMs of new Set([...starts, ...ends].sort((a, b) => a - b))) {
    while (begun < starts.length && (starts[begun] ?? Infinity) <= timeMs) begun++
    while (over < ends.length && (ends[over] ?? Infinity) <= timeMs) over++
    points.push({ timeMs, value: begun - over })
  }
  return changes(points)
}

/** At one moment the last value stands. */
function changes(points: readonly CounterPoint[]): CounterPoint[] {
  const settled = points.filter(({ timeMs }, index) => points[index + 1]?.timeMs !== timeMs)
  return settled.filter(({ value }, index) => settled[index - 1]?.value !== value)
}
