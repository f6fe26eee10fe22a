// SPDX-License-Identifier: Apache-2.0
import type { Span } from '../../model/lanes.ts'
import type { Activity, Interval } from '../../model/trace-model.ts'

/** What a call of unknown length is drawn as: a millisecond, as Dynamo's own converter does. */
const UNKNOWN_LENGTH = 1000

/**
 * Where an activity is drawn, in integer epoch microseconds. Viewers drop or
 * hide a slice without length, so there is none; lanes are assigned to what is
 * drawn, since stretching can make slices overlap.
 */
export function drawnSpan(activity: Activity): Span {
  const start = microseconds(activity.startMs)
  if (!isStretched(activity)) return { start, end: microseconds(activity.endMs) }
  return { start, end: start + (activity.kind === 'tool' ? UNKNOWN_LENGTH : 1) }
}

/** Whether an activity is drawn longer than it was. */
export function isStretched({ startMs, endMs }: Interval): boolean {
  return microseconds(endMs) <= microseconds(startMs)
}

/** Epoch milliseconds to integer microseconds; never puts a later time before an earlier one. */
export function microseconds(ms: number): number {
  return Math.min(Math.max(Math.round(ms * 1000), 0), Number.MAX_SAFE_INTEGER)
}
