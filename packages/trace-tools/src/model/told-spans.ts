// SPDX-License-Identifier: Apache-2.0
import type { RowBatch } from '../read/row-batch.ts'
import { TextCache } from '../read/text-cache.ts'
import type { AskedCall, RequestSpan, SettledSpans, SpanVisitor, ToolCallSpan } from './model-sink.ts'
import type { OpenStart } from './open-start.ts'
import { ToldCall } from './told-call.ts'
import { ToldRequest } from './told-request.ts'
import { behind } from './span-places.ts'
import * as told from './told.ts'
import { Trajectory } from './trajectory.ts'

/** What spans name by number. */
export interface ToldThings {
  readonly trajectories: readonly Trajectory[]
  batchAt(slot: number): RowBatch
  /** What is known of a call that never ended. */
  startAt(start: number): OpenStart
  /** One of the calls that a request asked for. */
  askedAt(asked: number, call: number): AskedCall | undefined
}

/** Whose a span is before any is told. */
const nobody = new Trajectory(-1, { id: '', sessionId: undefined, contextFree: true })

/** Spans as they are told, read where they stand. */
export class ToldSpans implements SettledSpans {
  values: Float64Array
  readonly trajectories: readonly Trajectory[]
  readonly #things: ToldThings
  readonly #request: ToldRequest
  readonly #call: ToldCall

  /** @param others Told of the same things. */
  constructor(things: ToldThings, values = new Float64Array(), others?: ToldSpans) {
    this.values = values
    this.trajectories = things.trajectories
    this.#things = things
    this.#request = others === undefined ? new ToldRequest(nobody) : others.#request
    this.#call = others === undefined ? new ToldCall(nobody, new TextCache()) : others.#call
  }

  batchAt(slot: number): RowBatch {
    return this.#things.batchAt(slot)
  }

  requestAt(place: number): RequestSpan {
    this.#request.take(this, place)
    return this.#request
  }

  callAt(place: number): ToolCallSpan {
    const { values } = this
    const call = this.#call
    call.take(this, place)
    const asked = values[place + told.ASKED] ?? 0
    const start = values[place + told.START] ?? 0
    if (asked !== 0) call.isAsked(this.#things.askedAt(asked, values[place + told.ASKED_CALL] ?? 0))
    else if (start !== 0) call.isStartedBy(this.#things.startAt(start))
    else call.isEndedBy(this.batchAt(values[place + told.SLOT] ?? 0), values[place + told.ROW] ?? 0)
    return call
  }

  each(visitor: SpanVisitor): void {
    const { values } = this
    for (let place = 0; place < values.length; place = behind(values, place)) {
      if (values[place + told.KIND] === told.TOOL_CALL) visitor.tool(this.callAt(place))
      else visitor.request(this.requestAt(place))
    }
  }

  select(places: readonly number[]): ToldSpans {
    const { values } = this
    const lengthAt = (place: number): number => values[place + told.LENGTH] ?? 0
    const selected = new Float64Array(places.reduce((sum, place) => sum + lengthAt(place), 0))
    let end = 0
    for (const place of places) {
      selected.set(values.subarray(place, place + lengthAt(place)), end)
      end += lengthAt(place)
    }
    return new ToldSpans(this.#things, selected, this)
  }
}
