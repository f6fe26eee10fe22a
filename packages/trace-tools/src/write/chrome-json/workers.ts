// SPDX-License-Identifier: Apache-2.0
import { requestText } from '../../read/columns.ts'
import { textOf, type RowReference } from '../../read/row-batch.ts'
import { Lanes } from './lanes.ts'
import type { Process, Tracks } from './tracks.ts'

/** Requests by the worker that made the answer: a process for each, its lanes as threads. */
export class Workers {
  readonly #tracks: Tracks
  readonly #separateStages: boolean
  readonly #workers = new Map<string, { readonly process: Process; readonly lanes: Lanes }>()

  constructor(tracks: Tracks, { separateStages }: { readonly separateStages: boolean }) {
    this.#tracks = tracks
    this.#separateStages = separateStages
  }

  /** The lanes of the worker that a request's row names: the one that decoded, else the one that prefilled. */
  lanesOf(row: RowReference): Lanes {
    const id = textOf(row, requestText.decodeWorkerId) ?? textOf(row, requestText.prefillWorkerId) ?? ''
    const known = this.#workers.get(id)
    if (known !== undefined) return known.lanes
    const name = id === '' ? 'unknown worker' : `worker ${id}`
    const process = this.#tracks.createProcess(name)
    const lanes = new Lanes(this.#tracks, { process, name, separateStages: this.#separateStages })
    this.#workers.set(id, { process, lanes })
    return lanes
  }

  /**
   * Puts the workers in the order of their ids.
   *
   * @param first Place of the first one.
   * @returns The place behind the last one.
   */
  arrange(first: number): number {
    const sorted = [...this.#workers].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
    for (const [index, [, { process, lanes }]] of sorted.entries()) {
      this.#tracks.placeProcess(process, first + index)
      for (const [place, thread] of lanes.threads().entries()) this.#tracks.placeThread(thread, place)
    }
    return first + sorted.length
  }
}
