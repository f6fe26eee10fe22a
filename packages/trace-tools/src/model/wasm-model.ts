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
import { ToldSpans } from './told-spans.ts'
import type { TrajectoryIndex } from './trajectory-index.ts'

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
  readonly #classes = new TextCache()
  readonly #starts = new Kept<OpenStart>()
  readonly #asked = new AskedTexts()
  readonly #row = new MovableRow()
  readonly #spans: ToldSpans
  /** What spans name that are not told yet is forgotten after them. */
  readonly #settledStarts: number[] = []
  readonly #settledAsked: number[] = []

  constructor({ sink, index, keepsRows }: WasmModelOptions) {
    this.#sink = sink
    this.#index = index
    this.#keepsRows = keepsRows
    this.#core = loadModelCore(this.#host())
    this.#spans = new ToldSpans({
      trajectories: index.all,
      batchAt: (slot) => this.#batches.at(slot),
      startAt: (start) => this.#starts.at(start),
      askedAt: (asked, call) => this.#asked.at(asked, call),
    })
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
    core.finish()
    for (const trajectory of this.#index.all) {
      const { index } = trajectory
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
      spans: () => {
        this.#tellSpans()
      },
      keepStart: (slot, row) =>
        starts.keep(readOpenStart(this.#rowAt(slot, row), { classes: this.#classes, keepsRows: this.#keepsRows })),
      forgetStart: (start) => {
        this.#settledStarts.push(start)
      },
      keepAsked: (trajectory, slot, ...[row, startMs, endMs]) =>
        asked.keep({ trajectory, row: this.#rowAt(slot, row), startMs, endMs }, this.#core),
      forgetAsked: (calls) => {
        this.#settledAsked.push(calls)
      },
      expectNext: (calls, slot, ...[row, startMs]) => {
        asked.expectNext(calls, this.#rowAt(slot, row), startMs)
      },
      expectLast: (calls, trajectory, startMs) => {
        asked.expectLast(calls, trajectory, startMs)
      },
      rememberLast: (trajectory, slot, row) => {
        asked.rememberLast(trajectory, this.#rowAt(slot, row))
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

  #tellSpans(): void {
    const { memory, told, toldBytes } = this.#core
    const spans = this.#spans
    spans.values = new Float64Array(memory.buffer, told.value, toldBytes.value / Float64Array.BYTES_PER_ELEMENT)
    this.#sink.spans(spans)
    for (const start of this.#settledStarts.splice(0)) this.#starts.forget(start)
    for (const asked of this.#settledAsked.splice(0)) this.#asked.forget(asked)
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
