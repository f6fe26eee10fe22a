// SPDX-License-Identifier: Apache-2.0
import type { ToolCallSpan } from '../../model/model-sink.ts'
import { NUMBER_COLUMNS, requestNumber, toolNumber } from '../../read/columns.ts'
import { numberOf, type RowBatch, type RowReference } from '../../read/row-batch.ts'

/** What a call of unknown length is drawn as: a millisecond, as the converter that ships with Dynamo does. */
const UNKNOWN_LENGTH_US = 1000

/** Some 140 thousand years: two such times have an exact sum, of which engines can make nanoseconds. */
const MAX_US = 2 ** 52 - 1

/** Epoch milliseconds to integer microseconds; nothing is drawn before 1970. */
export function microseconds(ms: number): number {
  return Math.max(roundMicroseconds(ms), 0)
}

/**
 * Milliseconds to integer microseconds, halves to the even one, as Python
 * rounds: so times come out as those of the converter that ships with Dynamo,
 * where starts and durations are rounded each by itself. Never puts a later
 * time before an earlier one.
 */
export function roundMicroseconds(ms: number): number {
  const exact = ms * 1000
  const rounded = Math.round(exact)
  const even = rounded - exact === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
  return Math.min(Math.max(even, -MAX_US), MAX_US)
}

/** Epoch microseconds at which a request is drawn. */
export function requestStart({ numbers }: RowBatch, row: number): number {
  const at = row * NUMBER_COLUMNS
  const receivedMs = numbers[at + requestNumber.receivedMs] ?? Number.NaN
  return microseconds(Number.isNaN(receivedMs) ? (numbers[at + requestNumber.eventTimeMs] ?? 0) : receivedMs)
}

/** How many microseconds long a request is drawn: at least one, since viewers drop what has no length. */
export function requestLength({ numbers }: RowBatch, row: number): number {
  const at = row * NUMBER_COLUMNS
  const totalMs = numbers[at + requestNumber.totalMs] ?? Number.NaN
  const receivedMs = numbers[at + requestNumber.receivedMs] ?? Number.NaN
  const knownMs = totalMs >= 0 ? totalMs : (numbers[at + requestNumber.eventTimeMs] ?? 0) - receivedMs
  return knownMs > 0 ? Math.max(1, microseconds(knownMs)) : 1
}

/** Where a tool call is drawn, in epoch microseconds. */
export interface DrawnCall {
  readonly start: number
  readonly end: number
  /** Nobody knows how long the call took: its end is made up. */
  readonly isStretched: boolean
}

export function drawCall(call: ToolCallSpan): DrawnCall {
  const start = microseconds(call.startMs)
  const end = microseconds(call.endMs)
  const told = call.timing === 'measured' && call.row !== undefined ? toldDuration(call.row) : 0
  if (told > 0 && call.row !== undefined) {
    const isFromStart = !Number.isNaN(numberOf(call.row, toolNumber.startedAtMs))
    return isFromStart
      ? { start, end: start + told, isStretched: false }
      : { start: Math.max(0, end - told), end, isStretched: false }
  }
  return end > start ? { start, end, isStretched: false } : stretch(start)
}

/** Where a call is drawn of which nobody knows how long it took. */
export function stretch(start: number): DrawnCall {
  return { start, end: start + UNKNOWN_LENGTH_US, isStretched: true }
}

/** The duration of a call whose row tells it and not both its ends; 0 for any other. */
function toldDuration(row: RowReference): number {
  const hasEnds = numberOf(row, toolNumber.endedAtMs) > numberOf(row, toolNumber.startedAtMs)
  const durationMs = numberOf(row, toolNumber.durationMs)
  return hasEnds || !(durationMs > 0) ? 0 : microseconds(durationMs)
}
