// SPDX-License-Identifier: Apache-2.0
import type { ToolCallSpan } from '../../model/model-sink.ts'
import { NUMBER_COLUMNS, requestNumber, toolNumber } from '../../read/columns.ts'
import { numberOf, type RowBatch, type RowReference } from '../../read/row-batch.ts'
import { hasLength, UNKNOWN_LENGTH_MS } from '../drawn-call.ts'
import { microseconds } from '../whole-microseconds.ts'

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
  return hasLength(call) ? { start, end, isStretched: false } : stretch(start)
}

/** Where a call is drawn of which nobody knows how long it took. */
export function stretch(start: number): DrawnCall {
  return { start, end: start + UNKNOWN_LENGTH_MS * 1000, isStretched: true }
}

/** The duration of a call whose row tells it and not both its ends; 0 for any other. */
function toldDuration(row: RowReference): number {
  const hasEnds = numberOf(row, toolNumber.endedAtMs) > numberOf(row, toolNumber.startedAtMs)
  const durationMs = numberOf(row, toolNumber.durationMs)
  return hasEnds || !(durationMs > 0) ? 0 : microseconds(durationMs)
}
