// SPDX-License-Identifier: Apache-2.0
import { QUEUE, REQUESTS, TOOLS } from './counters/change'
import { createOpenCount } from './counters/open-count'
import { addInput, addOutput, endSeconds } from './counters/seconds'
import { createSeenLevel } from './counters/seen-level'

export { setLimit } from './counters/timed-values'

/** The last moment that a date can name. */
const MAX_TIME_MS: f64 = 8.64e15

const requests = createOpenCount(REQUESTS)
const tools = createOpenCount(TOOLS)
const queue = createSeenLevel(QUEUE)

/**
 * Counts a request; of its numbers NaN says nothing.
 *
 * @param decodeStartMs As a duration from its start.
 */
export function addRequest(
  startMs: f64,
  endMs: f64,
  decodeStartMs: f64,
  queueDepth: f64,
  inputTokens: f64,
  cachedTokens: f64,
  outputTokens: f64,
  hitRate: f64,
): void {
  const start = countable(startMs)
  const end = countable(endMs)
  requests.add(start, end)
  queue.add(start, queueDepth)
  addInput(start, inputTokens, cachedTokens, hitRate)
  // Tokens come evenly from the first one on, as far as a row tells.
  addOutput(isNaN(decodeStartMs) ? start : countable(startMs + decodeStartMs), end, outputTokens)
}

export function addTool(startMs: f64, endMs: f64): void {
  tools.add(countable(startMs), countable(endMs))
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
