// SPDX-License-Identifier: Apache-2.0
import type { RequestSpan, ResultSpan, SpawnedBy } from './model-sink.ts'
import { MovableRow } from './movable-row.ts'
import * as told from './told.ts'
import type { ToldSpans } from './told-spans.ts'
import type { Provenance } from './trace-model.ts'
import type { Trajectory } from './trajectory.ts'

/** One for all: an array of its own for each request would cost as much as the rest. */
const none: readonly never[] = []

const provenances: readonly Provenance[] = ['measured', 'derived', 'inferred']

/** A result as it is handed on. Numbers begin as NaN so that they are kept as doubles in place. */
class ToldResult implements ResultSpan {
  edgeId = 0
  startMs = Number.NaN
  endMs = Number.NaN
  isAsked = false
}

/** The request that is handed on: one object for all of them, which is good during the call only. */
export class ToldRequest implements RequestSpan {
  readonly kind = 'request'
  trajectory: Trajectory
  readonly row = new MovableRow()
  startMs = Number.NaN
  endMs = Number.NaN
  waitEndMs = Number.NaN
  prefillEndMs = Number.NaN
  decodeStartMs = Number.NaN
  results: readonly ResultSpan[] = none
  spawn: SpawnedBy | undefined = undefined
  readonly #results: ToldResult[] = []
  /** By length. */
  readonly #lists: (readonly ResultSpan[])[] = [none]

  constructor(trajectory: Trajectory) {
    this.trajectory = trajectory
  }

  /** Takes what is told from a place on; see told.ts. */
  take(spans: ToldSpans, place: number): void {
    const { values, trajectories } = spans
    this.trajectory = trajectories[values[place + told.TRAJECTORY] ?? 0] ?? this.trajectory
    this.row.pointAt(spans.batchAt(values[place + told.SLOT] ?? 0), values[place + told.ROW] ?? 0)
    this.startMs = values[place + told.START_MS] ?? 0
    this.endMs = values[place + told.END_MS] ?? 0
    this.waitEndMs = values[place + told.WAIT_END_MS] ?? 0
    this.prefillEndMs = values[place + told.PREFILL_END_MS] ?? 0
    this.decodeStartMs = values[place + told.DECODE_START_MS] ?? 0
    const results = values[place + told.RESULTS] ?? 0
    this.results = results === 0 ? none : this.#takeResults(values, place + told.FIRST_RESULT, results)
    const isSpawned = values[place + told.SPAWN_KIND] !== told.NO_SPAWN
    this.spawn = isSpawned ? readSpawn(values, place, trajectories) : undefined
  }

  #takeResults(values: Float64Array, first: number, count: number): readonly ResultSpan[] {
    for (let index = 0; index < count; index++) {
      const result = (this.#results[index] ??= new ToldResult())
      const at = first + index * told.RESULT_PLACES
      result.edgeId = values[at + told.RESULT_EDGE] ?? 0
      result.startMs = values[at + told.RESULT_START_MS] ?? 0
      result.endMs = values[at + told.RESULT_END_MS] ?? 0
      result.isAsked = values[at + told.RESULT_IS_ASKED] === 1
    }
    return (this.#lists[count] ??= this.#results.slice(0, count))
  }
}

function readSpawn(values: Float64Array, place: number, trajectories: readonly Trajectory[]): SpawnedBy | undefined {
  const kind = values[place + told.SPAWN_KIND]
  const edgeId = values[place + told.SPAWN_EDGE] ?? 0
  const provenance = provenances[values[place + told.SPAWN_PROVENANCE] ?? 0] ?? 'inferred'
  if (kind === told.SPAWN_BY_TOOL) return { kind: 'tool', edgeId, provenance }
  const parent = trajectories[values[place + told.SPAWN_PARENT] ?? 0]
  if (parent === undefined) return undefined
  const past = { kind: 'past', edgeId, provenance, parent, fromMs: values[place + told.SPAWN_FROM_MS] ?? 0 } as const
  return kind === told.SPAWN_BY_PAST_REQUEST
    ? { ...past, from: 'request' }
    : { ...past, from: 'tool', call: values[place + told.SPAWN_CALL] ?? 0 }
}
