// SPDX-License-Identifier: Apache-2.0
import { HashIndex } from '../../model/hash-index.ts'
import { textOf, type RowBatch } from '../../read/row-batch.ts'
import type { EventLabels } from './event-labels.ts'
import type { Fields } from './event-module.ts'

/** Labels by a text of rows, which is decoded where its hash is new. */
export class RowLabels {
  readonly #labels: EventLabels
  readonly #column: number
  readonly #unknown: string
  readonly #known = new HashIndex()

  /** @param unknown What to call a subject that is empty. */
  constructor(labels: EventLabels, column: number, unknown: string) {
    this.#labels = labels
    this.#column = column
    this.#unknown = unknown
  }

  of(batch: RowBatch, row: number): Fields {
    const hashes = batch.details?.labels
    if (hashes === undefined) return this.#read(batch, row)
    const low = hashes[row * 2] ?? 0
    const high = hashes[row * 2 + 1] ?? 0
    const known = this.#known.get(low, high)
    if (known !== -1) return known
    const label = this.#read(batch, row)
    if (!this.#labels.isFull) this.#known.set(low, high, label)
    return label
  }

  #read(batch: RowBatch, row: number): Fields {
    return this.#labels.of(textOf({ batch, row }, this.#column) ?? '', this.#unknown)
  }
}
