// SPDX-License-Identifier: Apache-2.0

/** Learns how long the tools of one trajectory run, for the hint `speculativePrefill`. */
export interface ToolDurationLearner {
  /** @param durationMs Of a call that came to its end, in milliseconds. */
  learn(toolClass: string, durationMs: number): void
  /** Milliseconds to expect of the next call; undefined until enough is known. */
  readonly expectedMs: number | undefined
}

/** The latest calls tell which tools the agent is at; its work changes. */
const REMEMBERED_CALLS = 8
/** Fewer say nothing. */
const NEEDED_CALLS = 3
const REMEMBERED_DURATIONS = 16
/** Tools of the agent that are remembered; servers of tools can have any number of them. */
const REMEMBERED_CLASSES = 64

/**
 * Makes a learner. It expects the median, over the latest calls, of what their
 * tools typically take. So one slow run among many fast ones does not count,
 * and neither does a fast run of a tool that is slow as a rule.
 */
export function createToolDurationLearner(): ToolDurationLearner {
  // A Map keeps insertion order, so its first entry is the class unused for longest.
  const durations = new Map<string, number[]>()
  const latest: string[] = []
  const typicalMs = (toolClass: string) => median(durations.get(toolClass) ?? [])

  return {
    learn(toolClass, durationMs) {
      if (!Number.isFinite(durationMs) || durationMs < 0) return
      const known = durations.get(toolClass) ?? []
      known.push(durationMs)
      if (known.length > REMEMBERED_DURATIONS) known.shift()
      durations.delete(toolClass)
      durations.set(toolClass, known)
      const [unused] = durations.keys()
      if (unused !== undefined && durations.size > REMEMBERED_CLASSES) durations.delete(unused)
      latest.push(toolClass)
      if (latest.length > REMEMBERED_CALLS) latest.shift()
    },
    get expectedMs() {
      return latest.length < NEEDED_CALLS ? undefined : median(latest.map(typicalMs))
    },
  }
}

/** Of an even number of values the upper one in the middle: to expect too much costs less. */
function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}
