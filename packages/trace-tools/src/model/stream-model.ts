// SPDX-License-Identifier: Apache-2.0
import { identityText, rowKind, TEXT_COLUMNS } from '../read/columns.ts'
import { textOf, type HarnessRow, type RowBatch } from '../read/row-batch.ts'
import { Activities } from './activities.ts'
import { HarnessEvents } from './harness-events.ts'
import type { ModelSink } from './model-sink.ts'
import { outlineTrace } from './outline.ts'
import { RecentSet } from './recent-set.ts'
import { Settler } from './settle.ts'
import { TrajectoryIndex } from './trajectory-index.ts'
import type { Trajectory } from './trajectory.ts'

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
   * comes in the meantime is known when they are. A short wait costs far less:
   * what waits for long has to be moved by the garbage collector.
   * @defaultValue 2 MiB, some seconds of a busy frontend
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

/** Rows that another one may repeat: a quarter of a million, as overlapping shards come in turns. */
const REMEMBERED_ROWS = 1 << 18

/** A trajectory without rows for so many batches rests: most are over. */
const REST_BATCHES = 256

/** A batch in the window, with what is needed to settle its rows in order: an object for each row would cost more. */
interface HeldBatch {
  readonly batch: RowBatch
  readonly times: Float64Array
  readonly trajectories: Trajectory[]
  readonly harness: readonly HarnessRow[]
  /** Its rows stand in order of time. */
  isSorted: boolean
}

/** How far a row is moved to its place among those of its batch; where one is later than that, all of them are sorted. */
const MAX_MOVES = 128

class WindowedModel implements StreamModel {
  readonly #sink: ModelSink
  readonly #windowBytes: number
  /** What the window holds at most at the moment. */
  #limitBytes: number
  readonly #release: (batch: RowBatch) => void
  readonly #index = new TrajectoryIndex()
  readonly #activities = new Activities()
  readonly #settler: Settler
  readonly #seen = new RecentSet(REMEMBERED_ROWS)
  readonly #harness: HarnessEvents
  readonly #held: HeldBatch[] = []
  #heldBytes = 0
  #duplicateRows = 0
  #batches = 0

  constructor(options: StreamModelOptions) {
    const { sink, wholeBytes = 8 * MEBIBYTE, windowBytes = 2 * MEBIBYTE, release = () => undefined } = options
    this.#sink = sink
    this.#windowBytes = windowBytes
    this.#limitBytes = Math.max(wholeBytes, windowBytes)
    this.#release = release
    this.#settler = new Settler({
      sink,
      activities: this.#activities,
      parentOf: (trajectory) => this.#index.parentOf(trajectory),
      keepsRows: this.#limitBytes === Infinity,
    })
    this.#harness = new HarnessEvents({ sink, index: this.#index, seen: this.#seen })
  }

  add(batch: RowBatch): void {
    const harness = batch.harness?.filter(({ record }) => this.#harness.isNew(record)) ?? []
    this.#duplicateRows += (batch.harness?.length ?? 0) - harness.length
    const held: HeldBatch = { batch, times: new Float64Array(batch.count), trajectories: [], harness, isSorted: true }
    for (let row = 0; row < batch.count; row++) {
      if (batch.kinds[row] === 0) continue
      const low = (batch.fingerprints[row * 2] ?? 0) | 0
      const high = (batch.fingerprints[row * 2 + 1] ?? 0) | 0
      if (this.#seen.add(low, high)) this.#take(held, row)
      else this.#duplicateRows++
    }
    this.#held.push(held)
    this.#heldBytes += batch.bytes.length
    while (this.#heldBytes > this.#limitBytes) {
      this.#limitBytes = this.#windowBytes
      const oldest = this.#held.shift()
      if (oldest === undefined) break
      this.#settle([oldest])
      this.#heldBytes -= oldest.batch.bytes.length
      this.#release(oldest.batch)
    }
    if (++this.#batches % REST_BATCHES === 0) this.#restIdle()
  }

  #restIdle(): void {
    for (const trajectory of this.#index.all) {
      // One that is idle for longer has rested before.
      const age = this.#batches - trajectory.lastBatch
      if (age > REST_BATCHES && age <= 2 * REST_BATCHES) trajectory.rest()
    }
  }

  end(): ModelCensus {
    this.#settle(this.#held)
    this.#harness.end()
    for (const trajectory of this.#index.all) this.#settler.finish(trajectory)
    for (const { batch } of this.#held.splice(0)) this.#release(batch)
    const { outline, orphanParents, parentCycles } = outlineTrace(this.#index.all)
    this.#sink.end(outline)
    return {
      duplicateRows: this.#duplicateRows + this.#settler.calls.repeatedRows,
      unpairedToolStarts: this.#settler.calls.unendedCalls,
      orphanParents,
      parentCycles,
    }
  }

  #take(held: HeldBatch, row: number): void {
    const { batch } = held
    const trajectory = this.#index.of(batch, row)
    trajectory.lastBatch = this.#batches
    if (!trajectory.contextFree) readKinship(batch, row, trajectory)
    const item = this.#read(batch, row, trajectory)
    trajectory.pending.insert(item)
    insert(held, trajectory, item.timeMs)
  }

  #read(batch: RowBatch, row: number, trajectory: Trajectory) {
    switch (batch.kinds[row]) {
      case rowKind.request: {
        const request = this.#activities.readRequest(batch, row, trajectory)
        trajectory.cover(request.startMs, request.endMs)
        this.#settler.noteRequest(trajectory, request)
        return request
      }
      case rowKind.toolStart: {
        const start = this.#activities.readToolStart(batch, row)
        trajectory.cover(start.timeMs, start.timeMs)
        return start
      }
      default: {
        const end = this.#activities.readToolEnd(batch, row, trajectory)
        const startMs = Number.isNaN(end.startMs) ? end.timeMs : end.startMs
        trajectory.cover(startMs, end.timeMs)
        this.#settler.calls.noteEnd(trajectory, end)
        return end
      }
    }
  }

  /** Settles the rows of batches, all together in order of time. */
  #settle(batches: readonly HeldBatch[]): void {
    this.#settleRows(batches)
    this.#harness.settle(batches.flatMap(({ harness }) => harness.map(({ record }) => record)))
  }

  #settleRows(batches: readonly HeldBatch[]): void {
    const [only] = batches
    if (only !== undefined && batches.length === 1 && only.isSorted) {
      const { times, trajectories } = only
      for (let place = 0; place < trajectories.length; place++) {
        const trajectory = trajectories[place]
        if (trajectory !== undefined) this.#settler.settle(trajectory, times[place] ?? 0)
      }
      return
    }
    const rows = batches.flatMap(({ times, trajectories }) =>
      trajectories.map((trajectory, place) => ({ trajectory, timeMs: times[place] ?? 0 })),
    )
    rows.sort((a, b) => a.timeMs - b.timeMs)
    for (const { trajectory, timeMs } of rows) this.#settler.settle(trajectory, timeMs)
  }
}

/** Puts a row in its place: rows come nearly in order, so it is at the end, or a few places before it. */
function insert(held: HeldBatch, trajectory: Trajectory, timeMs: number): void {
  const { times, trajectories } = held
  let place = trajectories.push(trajectory) - 1
  const first = Math.max(0, place - MAX_MOVES)
  for (; place > first && (times[place - 1] ?? 0) > timeMs; place--) {
    times[place] = times[place - 1] ?? 0
    trajectories[place] = trajectories[place - 1] ?? trajectory
  }
  times[place] = timeMs
  trajectories[place] = trajectory
  if (place > 0 && (times[place - 1] ?? 0) > timeMs) held.isSorted = false
}

/** The first row that tells decides; most rows tell nothing new, so their texts are not decoded. */
export function readKinship(batch: RowBatch, row: number, trajectory: Trajectory): void {
  const at = row * TEXT_COLUMNS
  if (trajectory.parentId === undefined && batch.texts[(at + identityText.parentTrajectoryId) * 2] !== 0) {
    const parentId = textOf({ batch, row }, identityText.parentTrajectoryId)
    // Up to 1.4 Dynamo records a parent that is the trajectory itself.
    if (parentId !== trajectory.id) trajectory.parentId = parentId
  }
  if (trajectory.sessionTypeId === undefined && batch.texts[(at + identityText.sessionTypeId) * 2] !== 0) {
    trajectory.sessionTypeId = textOf({ batch, row }, identityText.sessionTypeId)
  }
}
