// SPDX-License-Identifier: Apache-2.0
import type { ToolRecord } from '@dynamo-agent/core'
import { groupBy } from './group-by.ts'
import { lowerBound } from './search.ts'
import type { Interval, ToolSpan, ToolTiming } from './trace-model.ts'

/**
 * How far the start that an end row names may lie from the start row's own
 * time: a harness may read its clock once for each.
 */
const SAME_START_MS = 1000

/** What the tool rows of one trajectory say. */
export interface ToolPairing {
  /** One for each call that ended. */
  readonly ended: readonly ToolSpan[]
  /** One for each call that did not, without length: when its trajectory ends is for the caller to say. */
  readonly unended: readonly ToolSpan[]
  /** End rows that report once more what another one has reported. */
  readonly repeatedRows: number
}

/**
 * Makes one span of each call's start and end row. Calls are told apart by
 * tool_call_id; where a trajectory uses an id again, an end takes the start
 * that it names, else the latest one that is still open.
 */
export function pairToolRows(rows: readonly ToolRecord[]): ToolPairing {
  const sameIdRows = [...groupBy(rows, (row) => row.tool.toolCallId).values()]
  const pairings = sameIdRows.map(pairCallsOfOneId)
  return {
    ended: pairings.flatMap((pairing) => pairing.ended),
    unended: pairings.flatMap((pairing) => pairing.unended),
    repeatedRows: pairings.reduce((sum, pairing) => sum + pairing.repeatedRows, 0),
  }
}

function pairCallsOfOneId(rows: readonly ToolRecord[]): ToolPairing {
  const open: ToolRecord[] = []
  const closedStarts = new Set<number>()
  const ended: ToolSpan[] = []
  let repeatedRows = 0

  const close = (end: ToolRecord, start: ToolRecord | undefined): void => {
    const startedAtMs = end.tool.startedAtMs
    if (start === undefined && startedAtMs !== undefined && closedStarts.has(startedAtMs)) {
      repeatedRows++
      return
    }
    if (startedAtMs !== undefined) closedStarts.add(startedAtMs)
    ended.push(buildEndedSpan(end, start))
  }

  for (const { starts, ends } of byInstant(rows)) {
    // Within one millisecond the order of rows means nothing. An end belongs
    // to a call from before if there is one, else to one that starts now.
    const waiting = ends.filter((end) => {
      const start = takeStart(open, end, 0)
      if (start !== undefined) close(end, start)
      return start === undefined
    })
    for (const start of starts) open.push(start)
    for (const end of waiting) close(end, takeStart(open, end, SAME_START_MS))
  }
  return { ended, unended: open.map(buildUnendedSpan), repeatedRows }
}

interface Instant {
  readonly starts: ToolRecord[]
  readonly ends: ToolRecord[]
}

function byInstant(rows: readonly ToolRecord[]): Iterable<Instant> {
  const instants = new Map<number, Instant>()
  for (const row of rows.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const timeMs = timeOf(row)
    let instant = instants.get(timeMs)
    if (instant === undefined) instants.set(timeMs, (instant = { starts: [], ends: [] }))
    const side = row.type === 'tool_start' ? instant.starts : instant.ends
    side.push(row)
  }
  return instants.values()
}

/** Takes the start that an end belongs to out of the open ones, which are in order of time. */
function takeStart(open: ToolRecord[], end: ToolRecord, toleranceMs: number): ToolRecord | undefined {
  const startedAtMs = end.tool.startedAtMs
  if (startedAtMs === undefined) return open.pop()
  const after = lowerBound(open, startedAtMs, timeOf)
  const distance = (index: number): number => {
    const start = open[index]
    return start === undefined ? Infinity : Math.abs(timeOf(start) - startedAtMs)
  }
  const nearest = distance(after) <= distance(after - 1) ? after : after - 1
  return distance(nearest) <= toleranceMs ? open.splice(nearest, 1)[0] : undefined
}

/** When a start row says the call started, or an end row that it ended. */
function timeOf({ type, tool, eventTimeMs }: ToolRecord): number {
  return (type === 'tool_start' ? tool.startedAtMs : tool.endedAtMs) ?? eventTimeMs
}

function buildEndedSpan(end: ToolRecord, start: ToolRecord | undefined): ToolSpan {
  return { kind: 'tool', call: end.tool, failed: end.type === 'tool_error', ...timeEndedCall(end, start) }
}

/** The best that the two rows know, in the order of preference of the converter that ships with Dynamo. */
function timeEndedCall(end: ToolRecord, start: ToolRecord | undefined): Interval & { readonly timing: ToolTiming } {
  const { startedAtMs, endedAtMs, durationMs = 0 } = end.tool
  const endMs = timeOf(end)
  if (startedAtMs !== undefined && endedAtMs !== undefined && endedAtMs > startedAtMs) {
    return { timing: 'measured', startMs: startedAtMs, endMs: endedAtMs }
  }
  if (startedAtMs !== undefined && (durationMs > 0 || startedAtMs === endedAtMs)) {
    return { timing: 'measured', startMs: startedAtMs, endMs: startedAtMs + Math.max(0, durationMs) }
  }
  if (durationMs > 0) return { timing: 'measured', startMs: Math.max(0, endMs - durationMs), endMs }
  const startMs = startedAtMs ?? (start && timeOf(start))
  if (startMs !== undefined) return { timing: 'paired', startMs, endMs: Math.max(startMs, endMs) }
  return { timing: 'inferred', startMs: endMs, endMs }
}

function buildUnendedSpan(start: ToolRecord): ToolSpan {
  const startMs = timeOf(start)
  return { kind: 'tool', timing: 'unended', call: start.tool, failed: false, startMs, endMs: startMs }
}
