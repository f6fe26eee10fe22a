// SPDX-License-Identifier: Apache-2.0
import { CallHash } from '../read/call-hash.ts'
import type { RowBatch } from '../read/row-batch.ts'
import { TextCache } from '../read/text-cache.ts'
import { AskedTexts } from './asked-texts.ts'
import { Kept } from './kept.ts'
import { loadModelCore, type ModelCore, type ModelHost } from './model-core.ts'
import type { ModelSink } from './model-sink.ts'
import { MovableRow } from './movable-row.ts'
import { listNames } from './names-in-id.ts'
import { readOpenStart, type OpenStart } from './open-start.ts'
import { introduceTrajectories, takeBatch } from './take-batch.ts'
import { ToldCall } from './told-call.ts'
import { ToldRequest } from './told-request.ts'
import * as told from './told.ts'
import type { TrajectoryIndex } from './trajectory-index.ts'
import { Trajectory } from './trajectory.ts'

export interface WasmModelOptions {
  readonly sink: ModelSink
  readonly index: TrajectoryIndex
  /** Rows are never forgotten. */
  readonly keepsRows: boolean
}

export interface TakenBatch {
  /** The number of the batch, which is used again when it is forgotten. */
  readonly slot: number
  /** How many of its rows repeat others. */
  readonly repeated: number
}

/** What is told of before anything is told. */
const nobody = new Trajectory(-1, { id: '', sessionId: undefined, contextFree: true })

/**
 * The host of the compiled side of the model: it hands settled spans on to the
 * sink, and keeps the texts that they may need when their rows are forgotten.
 */
export class WasmModel {
  readonly #core: ModelCore
  readonly #index: TrajectoryIndex
  readonly #sink: ModelSink
  readonly #keepsRows: boolean
  /** By slot, as long as their rows are not settled. */
  readonly #batches = new Kept<RowBatch>()
  /** A view of what is told. */
  #told = new Float64Array()
  readonly #classes = new TextCache()
  readonly #request = new ToldRequest(nobody)
  readonly #call = new ToldCall(nobody, this.#classes)
  readonly #starts = new Kept<OpenStart>()
  readonly #asked = new AskedTexts()
  readonly #row = new MovableRow()

  constructor({ sink, index, keepsRows }: WasmModelOptions) {
    this.#sink = sink
    this.#index = index
    this.#keepsRows = keepsRows
    this.#core = loadModelCore(this.#host())
  }

  /** End rows that report once more what another one has reported. */
  get repeatedRows(): number {
    return this.#core.repeatedRows.value
  }

  /** Calls that started and never ended. */
  get unendedCalls(): number {
    return this.#core.unendedCalls.value
  }

  /** @returns Whether no row with this hash has come. */
  isNew(low: number, high: number): boolean {
    return this.#core.isNew(low, high) !== 0
  }

  /** Takes the rows of a batch: they wait until its slot is settled. */
  take(batch: RowBatch): TakenBatch {
    const slot = this.#batches.keep(batch)
    const repeated = takeBatch({ core: this.#core, index: this.#index }, slot, batch)
    return { slot, repeated }
  }

  /** Settles the rows of batches, all together in order of time. */
  settle(slots: readonly number[]): void {
    // Harnesses may have told of a parent that no row of Dynamo names.
    introduceTrajectories({ core: this.#core, index: this.#index })
    for (const slot of slots) this.#core.gather(slot)
    this.#core.settleGathered()
  }

  /** Settles what was waiting for something that never came, and says what became of each trajectory. */
  finish(): void {
    const core = this.#core
    introduceTrajectories({ core, index: this.#index })
    for (const trajectory of this.#index.all) {
      const { index } = trajectory
      core.finish(index)
      trajectory.requests = core.requestsOf(index)
      trajectory.toolCalls = core.toolCallsOf(index)
      trajectory.cover(core.startOf(index), core.endOf(index))
    }
  }

  /** Nobody asks for the rows of a batch any more. */
  forget(slot: number): void {
    this.#core.forget(slot)
    this.#batches.forget(slot)
  }

  #host(): ModelHost {
    const asked = this.#asked
    const starts = this.#starts
    return {
      request: () => {
        this.#tellRequest()
      },
      tool: () => {
        this.#tellCall()
      },
      keepStart: (slot, row) =>
        starts.keep(readOpenStart(this.#rowAt(slot, row), { classes: this.#classes, keepsRows: this.#keepsRows })),
      forgetStart: (start) => {
        starts.forget(start)
      },
      keepAsked: () => asked.keep(this.#request, this.#core),
      forgetAsked: (calls) => {
        asked.forget(calls)
      },
      expectNext: (calls, slot, row) => {
        asked.expectNext(calls, this.#rowAt(slot, row), this.#values()[told.NEXT_START_MS] ?? 0)
      },
      expectLast: (calls, trajectory) => {
        asked.expectLast(calls, trajectory, this.#values()[told.NEXT_START_MS] ?? 0)
      },
      rememberLast: () => {
        asked.rememberLast(this.#request)
      },
      forgetLast: (trajectory) => {
        asked.forgetLast(trajectory)
      },
      parentOf: (trajectory) => this.#parentOf(trajectory),
      tryNames: (trajectory) => {
        this.#tryNames(trajectory)
      },
    }
  }

  #tellRequest(): void {
    const values = this.#values()
    this.#request.take(values, this.#batches.at(values[told.SLOT] ?? 0), this.#index.all)
    this.#sink.request(this.#request)
  }

  #tellCall(): void {
    const values = this.#values()
    const call = this.#call
    call.take(values, this.#index.all)
    const asked = values[told.ASKED] ?? 0
    const start = values[told.START] ?? 0
    if (asked !== 0) call.isAsked(this.#asked.at(asked)[values[told.ASKED_CALL] ?? 0])
    else if (start !== 0) call.isStartedBy(this.#starts.at(start))
    else call.isEndedBy(this.#batches.at(values[told.SLOT] ?? 0), values[told.ROW] ?? 0)
    const spawns = values[told.SPAWNS] ?? 0
    if (spawns > 0) call.spawns = Array.from({ length: spawns }, () => this.#core.nextSpawn())
    this.#sink.tool(call)
  }

  /** Memory that has grown is another buffer, and the views of the one before are empty. */
  #values(): Float64Array {
    if (this.#told.length === 0) {
      const places = told.FIRST_RESULT + told.MAX_RESULTS * told.RESULT_PLACES
      this.#told = new Float64Array(this.#core.memory.buffer, this.#core.told.value, places)
    }
    return this.#told
  }

  #parentOf(trajectory: number): number {
    const child = this.#index.all[trajectory]
    return (child && this.#index.parentOf(child)?.index) ?? -1
  }

  #tryNames(trajectory: number): void {
    for (const name of listNames(this.#index.all[trajectory]?.id ?? '')) {
      const { low, high } = new CallHash().ofText(name)
      if (this.#core.tryName(low, high) !== 0) return
    }
  }

  #rowAt(slot: number, row: number): MovableRow {
    return this.#row.pointAt(this.#batches.at(slot), row)
  }
}
