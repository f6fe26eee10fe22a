// SPDX-License-Identifier: Apache-2.0
import { QUEUE, REQUESTS, TOOLS } from './counters/change'
import { createOpenCount } from './counters/open-count'
import { addInput, addOutput, endSeconds } from './counters/seconds'
import { createSeenLevel } from './counters/seen-level'
import {
  CACHED_TOKENS,
  DECODE_START_MS,
  END_MS,
  INPUT_TOKENS,
  IS_TWOFOLD,
  KIND,
  KV_HIT_RATE,
  OUTPUT_TOKENS,
  QUEUE_DEPTH,
  START_MS,
  TIMING,
  TOOL_CALL,
  UNENDED,
} from '../src/model/told'
import { behind, valueOf } from './spans'

export { setLimit } from './counters/timed-values'
export { allocate } from './memory'

/** The last moment that a date can name. */
const MAX_TIME_MS: f64 = 8.64e15

const requests = createOpenCount(REQUESTS)
const tools = createOpenCount(TOOLS)
const queue = createSeenLevel(QUEUE)

/** Counts spans, which take so many bytes. */
export function takeSpans(spans: usize, bytes: usize): void {
  for (let span = spans; span < spans + bytes; span = behind(span)) {
    if (valueOf(span, KIND) === TOOL_CALL) takeCall(span)
    else takeRequest(span)
  }
}

function takeCall(span: usize): void {
  // It was counted before, as inferred.
  if (valueOf(span, IS_TWOFOLD) !== 0 && valueOf(span, TIMING) === UNENDED) return
  tools.add(countable(valueOf(span, START_MS)), countable(valueOf(span, END_MS)))
}

function takeRequest(span: usize): void {
  const startMs = valueOf(span, START_MS)
  const decodeStartMs = valueOf(span, DECODE_START_MS)
  const start = countable(startMs)
  const end = countable(valueOf(span, END_MS))
  requests.add(start, end)
  queue.add(start, valueOf(span, QUEUE_DEPTH))
  addInput(start, valueOf(span, INPUT_TOKENS), valueOf(span, CACHED_TOKENS), valueOf(span, KV_HIT_RATE))
  // Tokens come evenly from the first one on, as far as a row tells.
  addOutput(isNaN(decodeStartMs) ? start : countable(startMs + decodeStartMs), end, valueOf(span, OUTPUT_TOKENS))
}

/** Tells what was not told yet. */
export function end(): void {
  requests.end()
  tools.end()
  queue.end()
  endSeconds()
}

/** A damaged row may tell a time that is no time at all; it counts where times end. */
function countable(timeMs: f64): f64 {
  return timeMs > 0 ? min(timeMs, MAX_TIME_MS) : 0
}
