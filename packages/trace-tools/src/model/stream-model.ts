// SPDX-License-Identifier: Apache-2.0
import type { HarnessRow, RowBatch } from '../read/row-batch.ts'
import { HarnessEvents } from './harness-events.ts'
import type { ModelSink } from './model-sink.ts'
import { outlineTrace } from './outline.ts'
import { TrajectoryIndex } from './trajectory-index.ts'
import { WasmModel } from './wasm-model.ts'

/** How a trace is modelled while it is read. */
export interface StreamModelOptions {
  readonly sink: ModelSink
  /**
   * A trace of no more bytes is modelled as if all of it were known from the
   * start, in whatever order its rows are.
   * @defaultValue 8 MiB
   */
  readonly wholeBytes?: number
  /**
   * Of a longer one, how many bytes of rows wait before they are settled: what
   * comes in the meantime is known when they are. A short wait keeps what it
   * needs within reach of the processor's caches.
   * @defaultValue 2.25 MiB, three blocks as they are read: some seconds of a busy frontend
   */
  readonly windowBytes?: number
  /** Takes batches that are needed no more. */
  readonly release?: (batch: RowBatch) => void
}

/** What the rows say together that they should not. */
export interface ModelCensus {
  /** Rows left out because another one says the same, as where shards of a trace overlap. */
  readonly duplicateRows: number
  /** Tool calls that began and never ended. */
  readonly unpairedToolStarts: number
  /** Trajectories that name a parent of which there are no rows. */
  readonly orphanParents: number
  /** Rings of trajectories that name each other as parents. */
  readonly parentCycles: number
}

/**
 * Makes sessions, trajectories, requests, tool calls and edges of rows, while
 * they come: memory grows with what is open at a time, and with the number of
 * trajectories, not with rows. Never throws for what a row says.
 *
 * Rows come nearly in order of time. Each is settled when it leaves the window
 * behind it; what comes later than that still counts, but an arrow may then
 * have been drawn to the second best place.
 */
export interface StreamModel {
  add(batch: RowBatch): void
  /** Settles the rest and tells the sink that the trace is over. */
  end(): ModelCensus
}

export function createStreamModel(options: StreamModelOptions): StreamModel {
  return new WindowedModel(options)
}

const MEBIBYTE = 1024 * 1024

/** A batch in the window. */
interface HeldBatch {
  readonly batch: RowBatch
  /** Its number for the compiled side. */
  readonly slot: number
  readonly harness: readonly HarnessRow[]
}

class WindowedModel implements StreamModel {
  readonly #sink: ModelSink
  readonly #windowBytes: number
  /** What the window holds at most at the moment. */
  #limitBytes: number
  readonly #release: (batch: RowBatch) => void
  readonly #index = new TrajectoryIndex()
  readonly #model: WasmModel
  readonly #harness: HarnessEvents
  readonly #held: HeldBatch[] = []
  #heldBytes = 0
  #duplicateRows = 0

  constructor(options: StreamModelOptions) {
    const { sink, wholeBytes = 8 * MEBIBYTE, windowBytes = 2.25 * MEBIBYTE, release = () => undefined } = options
    this.#sink = sink
    this.#windowBytes = windowBytes
    this.#limitBytes = Math.max(wholeBytes, windowBytes)
    this.#release = release
    const keepsRows = this.#limitBytes === Infinity
    this.#model = new WasmModel({ sink, index: this.#index, keepsRows })
    this.#harness = new HarnessEvents({ sink, index: this.#index, isNew: (low, high) => this.#model.isNew(low, high) })
  }

  add(batch: RowBatch): void {
    const harness = batch.harness?.filter(({ record }) => this.#harness.isNew(record)) ?? []
    this.#duplicateRows += (batch.harness?.length ?? 0) - harness.length
    const { slot, repeated } = this.#model.take(batch)
    this.#duplicateRows += repeated
    this.#held.push({ batch, slot, harness })
    this.#heldBytes += batch.lineBytes
    while (this.#heldBytes > this.#limitBytes) {
      this.#limitBytes = this.#windowBytes
      const oldest = this.#held.shift()
      if (oldest === undefined) break
      this.#settle([oldest])
      this.#heldBytes -= oldest.batch.lineBytes
      this.#forget(oldest)
    }
  }

  end(): ModelCensus {
    this.#settle(this.#held)
    this.#model.finish()
    this.#harness.end()
    for (const held of this.#held.splice(0)) this.#forget(held)
    const { outline, orphanParents, parentCycles } = outlineTrace(this.#index.all)
    this.#sink.end(outline)
    return {
      duplicateRows: this.#duplicateRows + this.#model.repeatedRows,
      unpairedToolStarts: this.#model.unendedCalls,
      orphanParents,
      parentCycles,
    }
  }

  /** Settles the rows of batches, all together in order of time. */
  #settle(batches: readonly HeldBatch[]): void {
    this.#model.settle(batches.map(({ slot }) => slot))
    this.#harness.settle(batches.flatMap(({ harness }) => harness.map(({ record }) => record)))
  }

  #forget({ batch, slot }: HeldBatch): void {
    this.#model.forget(slot)
    this.#release(batch)
  }
}
