// SPDX-License-Identifier: Apache-2.0
import type { Interval, Session, TraceModel, Trajectory } from '../model/trace-model.ts'

/**
 * What the time went to. Where several things ran at once, the first of this
 * list counts:
 *
 * - `decode`, `prefill`, `prefill wait`: the stages of requests;
 * - `request`: a request was running, but its row does not say in which stage;
 * - `tools`: tool calls, inferred ones too; those that never ended count for nothing;
 * - `agent`: nothing of all this, the agent itself was at work or waiting for a person.
 */
export type WallTimeName = 'decode' | 'prefill' | 'prefill wait' | 'request' | 'tools' | 'agent'

/** The time that went to one thing. */
export interface WallTimePart {
  readonly name: WallTimeName
  readonly ms: number
  /** Of the whole, 0 to 1. */
  readonly share: number
}

/** Where the time of a trace went, each moment counted once. */
export interface WallTime {
  /** Time in which any session was running. */
  readonly totalMs: number
  /** Always all six, in order of priority; they add up to the whole. */
  readonly parts: readonly WallTimePart[]
}

/** Divides the time in which sessions were running among what was done in it. */
export function divideWallTime(model: TraceModel): WallTime {
  const trajectories = model.sessions.flatMap((session) => session.trajectories)
  const requests = trajectories.flatMap((trajectory) => trajectory.requests)
  const stages = requests.flatMap((request) => request.stages)
  const layers: [WallTimeName, readonly Interval[]][] = [
    ['decode', stages.filter((stage) => stage.name === 'decode')],
    ['prefill', stages.filter((stage) => stage.name === 'prefill')],
    ['prefill wait', stages.filter((stage) => stage.name === 'prefill wait')],
    ['request', requests],
    ['tools', trajectories.flatMap((trajectory) => trajectory.toolCalls.filter((tool) => tool.timing !== 'unended'))],
    ['agent', model.sessions.flatMap(runningTimes)],
  ]

  // What a layer adds to the union of those before it is its own part.
  const durations: { name: WallTimeName; ms: number }[] = []
  let covered: readonly Interval[] = []
  let coveredMs = 0
  for (const [name, intervals] of layers) {
    covered = unite(covered, intervals)
    const ms = covered.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs), 0)
    durations.push({ name, ms: Math.max(0, ms - coveredMs) })
    coveredMs = ms
  }
  const totalMs = coveredMs
  return { totalMs, parts: durations.map(({ name, ms }) => ({ name, ms, share: totalMs > 0 ? ms / totalMs : 0 })) }
}

/** Requests without a session are no run that goes on between them. */
function runningTimes(session: Session): readonly Interval[] {
  const activities = ({ requests, toolCalls }: Trajectory): readonly Interval[] => [...requests, ...toolCalls]
  return session.id === undefined ? session.trajectories.flatMap(activities) : [session]
}

/** The intervals that cover the same time as all the given ones and do not overlap, in order. */
function unite(united: readonly Interval[], added: readonly Interval[]): readonly Interval[] {
  const result: { startMs: number; endMs: number }[] = []
  for (const { startMs, endMs } of [...united, ...added].sort((a, b) => a.startMs - b.startMs)) {
    const last = result.at(-1)
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs)
    else result.push({ startMs, endMs })
  }
  return result
}
