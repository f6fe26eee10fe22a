// SPDX-License-Identifier: Apache-2.0

/** How large a value is that was read from JSON. */
export interface JsonMeasure {
  /** Keys on all levels. */
  readonly keys: number
  /** Objects and lists inside each other. */
  readonly depth: number
}

/** Level by level, because a body may be nested as deep as it is long, and recursion would not survive that. */
export function measureJson(value: unknown): JsonMeasure {
  let keys = 0
  let depth = 0
  for (let level = [value].filter(isContainer); level.length > 0; depth++) {
    const below: object[] = []
    for (const container of level) {
      const members: readonly unknown[] = Object.values(container)
      if (!Array.isArray(container)) keys += members.length
      for (const member of members) if (isContainer(member)) below.push(member)
    }
    level = below
  }
  return { keys, depth }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
