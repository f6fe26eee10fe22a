// SPDX-License-Identifier: Apache-2.0
import { category } from '../labels.ts'
import type { NumberedEdge } from '../edge-index.ts'
import { requestParts } from '../request-parts.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { drawnSpan, isStretched, microseconds } from './drawn-span.ts'
import type { ChromeEvent, Thread } from './event.ts'

type PartOptions = Pick<Required<TimelineOptions>, 'stages' | 'markers'>

/** The two events of an arrow and the threads that they stand on. */
export interface Arrow {
  departOn(thread: Thread): ChromeEvent
  arriveOn(thread: Thread): ChromeEvent
}

/**
 * Turns an edge into a pair of events with an id of its own, because a slice
 * can carry one `bind_id` only and a request often waits for several tools.
 *
 * Such an event binds to a slice by its time alone. An arrival just before a
 * request binds to the next slice, the request itself; at its very start it
 * binds to the innermost slice there, its first stage. Viewers turn an arrow
 * around whose target begins before its source, so if the source seems to
 * begin later, as it may by the clock of another machine, the arrow goes to
 * the next part of the request.
 *
 * @returns Undefined where no part of the target begins after the source.
 */
export function createArrow(edge: NumberedEdge, options: PartOptions): Arrow | undefined {
  const arrival = planArrival(edge, options)
  if (arrival === undefined) return undefined
  const { start, end } = drawnSpan(edge.from)
  // From the first token on, its mark would count as the innermost slice.
  const markMs = options.markers && edge.from.kind === 'request' ? edge.from.firstTokenMs : undefined
  const latest = Math.min(arrival.ts, end, markMs === undefined ? Infinity : microseconds(markMs)) - 1
  const label = { name: edge.kind, cat: category.flow, id: edge.index + 1 }
  return {
    departOn: (thread) => ({ ph: 's', ...thread, ts: Math.max(start, latest), ...label }),
    arriveOn: (thread) => ({ ph: 'f', ...thread, ...arrival, ...label }),
  }
}

function planArrival({ from, to }: NumberedEdge, options: PartOptions): { ts: number; bp?: 'e' } | undefined {
  const source = drawnSpan(from).start
  const target = drawnSpan(to).start
  if (source < target) return { ts: target - 1 }
  if (source === target) return { ts: target, bp: 'e' }
  const laterPart = requestParts(to, options).find(
    (part) => microseconds(part.startMs) > source && (part.kind === 'first token' || !isStretched(part)),
  )
  return laterPart && { ts: source }
}
