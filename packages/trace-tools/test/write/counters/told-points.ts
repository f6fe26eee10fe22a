// SPDX-License-Identifier: Apache-2.0
import * as told from '../../../src/model/told.ts'
import { ToldSpans } from '../../../src/model/told-spans.ts'
import { createCounters, traceCounters, type Counters } from '../../../src/write/counters.ts'

export type Point = readonly [timeMs: number, value: number]

/** Counters, and by their names the points that they have told so far. */
export interface ToldPoints {
  readonly counters: Counters
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

const requestPlaces = {
  startMs: told.START_MS,
  endMs: told.END_MS,
  /** As a duration from the start. */
  decodeStartMs: told.DECODE_START_MS,
  queueDepth: told.QUEUE_DEPTH,
  inputTokens: told.INPUT_TOKENS,
  outputTokens: told.OUTPUT_TOKENS,
  cachedTokens: told.CACHED_TOKENS,
  kvHitRate: told.KV_HIT_RATE,
} as const

/** What a span says that counters look at. */
export interface CountedRequest extends Partial<Record<keyof typeof requestPlaces, number>> {
  readonly startMs: number
  readonly endMs: number
}

export function requestSpan(request: CountedRequest): ToldSpans {
  const values = new Float64Array(told.FIRST_RESULT).fill(Number.NaN)
  for (const [name, place] of Object.entries(requestPlaces)) {
    values[place] = request[name as keyof typeof requestPlaces] ?? Number.NaN
  }
  values[told.KIND] = told.REQUEST
  return spansOf(values)
}

export function toolSpan(startMs: number, endMs: number): ToldSpans {
  const values = new Float64Array(told.FIRST_SPAWN)
  values[told.KIND] = told.TOOL_CALL
  values[told.START_MS] = startMs
  values[told.END_MS] = endMs
  return spansOf(values)
}

function spansOf(values: Float64Array<ArrayBuffer>): ToldSpans {
  values[told.LENGTH] = values.length
  const none = (): never => {
    throw new Error('counters look at nothing else')
  }
  return new ToldSpans({ trajectories: [], batchAt: none, startAt: none, askedAt: none }, values)
}

/** What requests make of each counter. */
export function pointsOf(requests: readonly CountedRequest[], limit?: number): Record<string, Point[]> {
  const { counters, points } = tellPoints(limit)
  for (const request of requests) counters.spans(requestSpan(request))
  counters.end()
  return points
}

/** The value of a counter at a time; NaN before its first point. */
export function valueAt(points: readonly Point[], timeMs: number): number {
  return points.findLast(([from]) => from <= timeMs)?.[1] ?? Number.NaN
}
