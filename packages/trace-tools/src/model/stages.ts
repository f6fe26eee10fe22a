// SPDX-License-Identifier: Apache-2.0

/** What a request's row says of its stages, in milliseconds; NaN where it says nothing. */
export interface StageTimes {
  readonly totalMs: number
  readonly ttftMs: number
  readonly waitMs: number
  readonly prefillMs: number
}

/**
 * Where stages end and begin, as durations from the start of the request:
 * next to an epoch time a double has but 0.2 µs left, and gaps would open.
 */
export interface StageBounds {
  readonly waitEndMs: number
  readonly prefillEndMs: number
  /** NaN where nothing says when decode began. */
  readonly decodeStartMs: number
}

/**
 * Divides a request into its stages, by the rules of the converter that ships
 * with Dynamo: the time to first token parts prefill from decode; wait and
 * prefill are laid out from the start and end there at the latest; without a
 * time to first token nothing says where decode began, so there is none.
 */
export function boundStages({ totalMs, ttftMs, waitMs, prefillMs }: StageTimes): StageBounds {
  const decodeStartMs = clamp(ttftMs, 0, totalMs)
  const boundaryMs = Number.isNaN(decodeStartMs) ? totalMs : decodeStartMs
  const waitEndMs = Number.isNaN(waitMs) ? 0 : clamp(waitMs, 0, boundaryMs)
  const prefillEndMs = Number.isNaN(prefillMs) ? waitEndMs : clamp(waitEndMs + prefillMs, waitEndMs, boundaryMs)
  return { waitEndMs, prefillEndMs, decodeStartMs }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
