// SPDX-License-Identifier: Apache-2.0
import type { ResultSpan, ToolCallSpan } from '../../model/model-sink.ts'
import { category } from '../labels.ts'
import type { EventStream } from './event-stream.ts'
import { constant } from './constant.ts'
import { microseconds } from '../whole-microseconds.ts'
import type { DrawnSpan } from './recent-spans.ts'
import type { Thread } from './tracks.ts'

const departure = constant('"ph":"s","ts":')
const arrival = constant('"ph":"f","ts":')
const labels = {
  result: constant(`,"cat":"${category.flow}","name":"result","id":`),
  spawn: constant(`,"cat":"${category.flow}","name":"spawn","id":`),
}
const end = constant('}')
const endAtEnclosing = constant(',"bp":"e"}')

type ArrowKind = keyof typeof labels

/** What an arrow points at, in epoch microseconds. */
export interface ArrowTarget {
  readonly thread: Thread
  readonly start: number
  readonly end: number
}

/**
 * Writes arrows as pairs of events, each pair with an id of its own: a slice
 * can carry one `bind_id` only, and a request often waits for several tools.
 *
 * Such an event binds to a slice by its time alone. An arrival just before a
 * request binds to the next slice, the request itself; at its very start it
 * would bind to the innermost slice there, a stage. Viewers drop an arrow that
 * arrives before it leaves, so where the source seems to begin after the
 * target, as it may by the clock of another machine, the arrow goes to the
 * part of the request that is drawn at that moment. Where both events have the
 * same time, the departure must come first in the file.
 */
export class Arrows {
  readonly #stream: EventStream
  /** First requests of trajectories whose tool call is not drawn yet, by edge. */
  readonly #awaited = new Map<number, ArrowTarget>()

  constructor(stream: EventStream) {
    this.#stream = stream
  }

  /** Where a tool call is drawn, before anybody knows which request gets its result. */
  leaveTool(call: ToolCallSpan, { thread, start }: DrawnSpan): void {
    this.#depart(thread, Math.max(start, beforeEnd(call)), { kind: 'result', id: call.edgeId })
  }

  /** Where a request is drawn that got the result of a call. */
  bringResult(call: ResultSpan, target: ArrowTarget): void {
    // An inferred call begins where a request is drawn to end, which may be rounded up.
    const start = microseconds(call.startMs) + (call.isAsked ? 1 : 0)
    this.#arrive(target, Math.max(start, beforeEnd(call)), { kind: 'result', id: call.edgeId })
  }

  /** Where a trajectory begins; the arrow is drawn together with the call that started it. */
  awaitCall(edgeId: number, target: ArrowTarget): void {
    this.#awaited.set(edgeId, target)
  }

  /** Where a call is drawn that started a trajectory. */
  spawnFromCall(edgeId: number, source: DrawnSpan): void {
    const target = this.#awaited.get(edgeId)
    if (target === undefined) return
    this.#awaited.delete(edgeId)
    this.spawn(edgeId, source, target)
  }

  /** From something to the first request of a trajectory, both of which are drawn. */
  spawn(edgeId: number, source: DrawnSpan, target: ArrowTarget): void {
    const edge = { kind: 'spawn', id: edgeId } as const
    const time = Math.max(source.start, Math.min(source.leaveBy, target.start) - 1)
    if (time >= target.end) return
    this.#depart(source.thread, time, edge)
    this.#arrive(target, time, edge)
  }

  #depart(thread: Thread, time: number, edge: { readonly kind: ArrowKind; readonly id: number }): void {
    const buffer = this.#stream.begin()
    buffer.raw(thread.prefix)
    buffer.raw(departure)
    buffer.integer(time)
    buffer.raw(labels[edge.kind])
    buffer.integer(edge.id)
    buffer.raw(end)
  }

  #arrive(target: ArrowTarget, notBefore: number, edge: { readonly kind: ArrowKind; readonly id: number }): void {
    const isBefore = notBefore < target.start
    if (notBefore >= target.end) return
    const buffer = this.#stream.begin()
    buffer.raw(target.thread.prefix)
    buffer.raw(arrival)
    buffer.integer(isBefore ? target.start - 1 : notBefore)
    buffer.raw(labels[edge.kind])
    buffer.integer(edge.id)
    buffer.raw(isBefore ? end : endAtEnclosing)
  }
}

/**
 * Just before the millisecond in which the call ended: clocks count whole
 * ones, so the request that gets the result may begin in the same.
 */
function beforeEnd({ startMs, endMs }: ResultSpan | ToolCallSpan): number {
  return Math.max(microseconds(startMs), microseconds(Math.floor(endMs)) - 1)
}
