// SPDX-License-Identifier: Apache-2.0
import { toolText } from '../read/columns.ts'
import type { RowBatch, RowReference } from '../read/row-batch.ts'
import type { TextCache } from '../read/text-cache.ts'
import type { AskedCall, ToolCallSpan } from './model-sink.ts'
import { MovableRow } from './movable-row.ts'
import type { OpenStart } from './open-start.ts'
import * as told from './told.ts'
import type { ToldSpans } from './told-spans.ts'
import type { ToolTiming } from './trace-model.ts'
import type { Trajectory } from './trajectory.ts'

const none: readonly never[] = []

/** By their numbers in told.ts. */
export const toolTimings: readonly ToolTiming[] = ['measured', 'paired', 'inferred', 'unended']

/** The tool call that is handed on: one object for all of them, which is good during the call only. */
export class ToldCall implements ToolCallSpan {
  readonly kind = 'tool'
  trajectory: Trajectory
  timing: ToolTiming = 'measured'
  failed = false
  /** Numbers begin as NaN so that they are kept as doubles in place. */
  startMs = Number.NaN
  endMs = Number.NaN
  row: RowReference | undefined = undefined
  toolCallId: string | undefined = undefined
  details: Uint8Array | undefined = undefined
  asked: AskedCall | undefined = undefined
  isTwofold = false
  edgeId = 0
  spawns: readonly number[] = none
  readonly #end = new MovableRow()
  readonly #classes: TextCache
  /** Undefined where the end says it. */
  #class: string | undefined

  constructor(trajectory: Trajectory, classes: TextCache) {
    this.trajectory = trajectory
    this.#classes = classes
  }

  get toolClass(): string {
    return this.#class ?? this.#classes.textOf(this.#end, toolText.toolClass) ?? ''
  }

  /** Takes what is told from a place on; see told.ts. */
  take({ values, trajectories }: ToldSpans, place: number): void {
    this.trajectory = trajectories[values[place + told.TRAJECTORY] ?? 0] ?? this.trajectory
    this.timing = toolTimings[values[place + told.TIMING] ?? 0] ?? 'inferred'
    this.startMs = values[place + told.START_MS] ?? 0
    this.endMs = values[place + told.END_MS] ?? 0
    this.failed = values[place + told.IS_FAILED] === 1
    this.isTwofold = values[place + told.IS_TWOFOLD] === 1
    this.edgeId = values[place + told.EDGE] ?? 0
    const spawns = values[place + told.SPAWNS] ?? 0
    const first = place + told.FIRST_SPAWN
    this.spawns = spawns === 0 ? none : Array.from(values.subarray(first, first + spawns))
  }

  /** Its end was reported. */
  isEndedBy(batch: RowBatch, row: number): void {
    this.row = this.#end.pointAt(batch, row)
    this.toolCallId = undefined
    this.details = undefined
    this.asked = undefined
    this.#class = undefined
  }

  /** It never ended. */
  isStartedBy({ row, toolCallId, toolClass, details }: OpenStart): void {
    this.row = row
    this.toolCallId = toolCallId
    this.details = details === undefined ? undefined : Buffer.from(details, 'latin1')
    this.asked = undefined
    this.#class = toolClass
  }

  /** Nobody reported it. */
  isAsked(asked: AskedCall | undefined): void {
    this.row = undefined
    this.toolCallId = asked?.id ?? 'unknown-tool-call'
    this.details = undefined
    this.asked = asked
    this.#class = asked?.name ?? 'unknown'
  }
}
