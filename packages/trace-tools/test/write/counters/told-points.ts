// SPDX-License-Identifier: Apache-2.0
import type { ModelSink, RequestSpan, ToolCallSpan } from '../../../src/model/model-sink.ts'
import { NUMBER_COLUMNS, requestNumber } from '../../../src/read/columns.ts'
import { emptyBatch } from '../../../src/read/row-batch.ts'
import { createCounters, traceCounters } from '../../../src/write/counters.ts'

export type Point = readonly [timeMs: number, value: number]

/** Counters, and by their names the points that they have told so far. */
export interface ToldPoints {
  readonly counters: ModelSink
  readonly points: Record<string, Point[]>
}

/** @param zeroMs Where the times of points are counted from. */
export function tellPoints(limit?: number, zeroMs = 0): ToldPoints {
  const points: Record<string, Point[]> = {}
  const counters = createCounters((counter, timeMs, value) => {
    const name = traceCounters[counter]?.name ?? ''
    ;(points[name] ??= []).push([timeMs - zeroMs, value])
  }, limit)
  return { counters, points }
}

/** What a span says that counters look at. */
export interface CountedRequest extends Partial<Record<keyof typeof requestNumber, number>> {
  readonly startMs: number
  readonly endMs: number
  /** As a duration from the start. */
  readonly decodeStartMs?: number
}

export function requestSpan({ startMs, endMs, decodeStartMs = Number.NaN, ...said }: CountedRequest): RequestSpan {
  const numbers = new Float64Array(NUMBER_COLUMNS).fill(Number.NaN)
  for (const [name, column] of Object.entries(requestNumber)) numbers[column] = said[name as keyof typeof requestNumber] ?? Number.NaN
  return { startMs, endMs, decodeStartMs, row: { batch: { ...emptyBatch, count: 1, numbers }, row: 0 } } as unknown as RequestSpan
}

export function toolSpan(startMs: number, endMs: number): ToolCallSpan {
  return { startMs, endMs } as ToolCallSpan
}

export const emptyOutline = { sessions: [] }

/** What requests make of each counter. */
export function pointsOf(requests: readonly CountedRequest[], limit?: number): Record<string, Point[]> {
  const { counters, points } = tellPoints(limit)
  for (const request of requests) counters.request(requestSpan(request))
  counters.end(emptyOutline)
  return points
}

/** The value of a counter at a time; NaN before its first point. */
export function valueAt(points: readonly Point[], timeMs: number): number {
  return points.findLast(([from]) => from <= timeMs)?.[1] ?? Number.NaN
}
