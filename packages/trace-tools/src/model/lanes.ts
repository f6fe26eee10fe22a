// SPDX-License-Identifier: Apache-2.0

/** A stretch of time in any unit, which is the same for all of a call. */
export interface Span {
  readonly start: number
  /** Not before the start. */
  readonly end: number
}

/**
 * Puts spans on as few lanes as possible so that nothing overlaps on one lane.
 * Spans that only touch may share a lane, and so may several of no length at
 * the same moment; one of no length inside another may not.
 *
 * Each span, by start, takes the lane that became free last, which keeps a
 * chain of spans on one lane; only when all lanes are busy it opens another,
 * so the number of lanes is the greatest number of spans at any moment.
 *
 * Rounding cannot undo this as long as it never puts a later time before an
 * earlier one. Stretching spans to a minimal length can: stretch first.
 *
 * @returns The spans of each lane, by start. Within a lane each span ends
 * before or when the next one starts, so their ends may be written in that
 * order too.
 */
export function assignLanes<Item extends Span>(spans: readonly Item[]): Item[][] {
  const lanes: Item[][] = []
  const freeFrom: number[] = []
  // By end too: a span of no length must come before the one that starts with it.
  for (const span of spans.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    let best = -1
    let bestFreeFrom = -Infinity
    for (const [lane, time] of freeFrom.entries()) {
      if (time <= span.start && time > bestFreeFrom) {
        best = lane
        bestFreeFrom = time
      }
    }
    if (best === -1) best = lanes.push([]) - 1
    lanes[best]?.push(span)
    freeFrom[best] = span.end
  }
  return lanes
}
