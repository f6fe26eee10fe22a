// SPDX-License-Identifier: Apache-2.0
import { groupBy } from './group-by.ts'
import { upperBound } from './search.ts'
import type { ToolSpan } from './trace-model.ts'

/** Shorter ids, such as `1`, turn up in other ids by chance. */
const MIN_ID_LENGTH = 6

/** Longer ids are not searched: nothing says that a trace's ids are short. */
const MAX_HAYSTACK_LENGTH = 1024

/**
 * Finds the tool call whose id stands in a trajectory's id, as a harness
 * makes it that names a subagent after the call that started it. The id must
 * stand alone between separators, so that `call_1` is not found in `call_12`.
 *
 * @param toolCalls Of one trajectory, by start.
 * @returns A function that gives the longest match and, among calls with the
 * same id, the latest that had started.
 */
export function createNamedCallFinder(
  toolCalls: readonly ToolSpan[],
): (trajectoryId: string, startMs: number) => ToolSpan | undefined {
  const callsById = groupBy(toolCalls, (tool) => tool.call.toolCallId)
  const lengths = [...new Set([...callsById.keys()].map((id) => id.length))]
    .filter((length) => length >= MIN_ID_LENGTH)
    .sort((a, b) => b - a)

  return (trajectoryId, startMs) => {
    if (trajectoryId.length > MAX_HAYSTACK_LENGTH) return undefined
    for (const length of lengths) {
      for (let at = 0; at + length <= trajectoryId.length; at++) {
        if (isWordAt(trajectoryId, at - 1) || isWordAt(trajectoryId, at + length)) continue
        const calls = callsById.get(trajectoryId.slice(at, at + length))
        if (calls === undefined) continue
        const begun = upperBound(calls, startMs, (call) => call.startMs)
        return calls[Math.max(0, begun - 1)]
      }
    }
    return undefined
  }
}

function isWordAt(text: string, index: number): boolean {
  return /^[A-Za-z0-9]$/.test(text.charAt(index))
}
