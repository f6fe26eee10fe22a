// SPDX-License-Identifier: Apache-2.0

/** Shorter ids, such as `1`, turn up in other ids by chance. */
const MIN_NAME_LENGTH = 6

/** Nothing says that a trace's ids are short. */
const MAX_ID_LENGTH = 1024
const MAX_WORDS = 40

/**
 * The parts of a trajectory's id that may be the id of a tool call, as
 * harnesses make it that name a subagent after the call which started it: all
 * that stands between separators, the longest first. `call_1` is none of
 * `root:call_12`.
 */
export function listNames(id: string): readonly string[] {
  if (id.length > MAX_ID_LENGTH) return []
  const words = [...id.matchAll(/[A-Za-z0-9]+/g)].slice(0, MAX_WORDS)
  const names: string[] = []
  for (const [index, first] of words.entries()) {
    for (const last of words.slice(index)) {
      const name = id.slice(first.index, last.index + last[0].length)
      if (name.length >= MIN_NAME_LENGTH && name.length < id.length) names.push(name)
    }
  }
  return names.sort((a, b) => b.length - a.length)
}
