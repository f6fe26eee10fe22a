// SPDX-License-Identifier: Apache-2.0
import { emptyBatch, type RowBatch, type RowReference } from '../read/row-batch.ts'

/** A reference that is pointed at one row after another. */
export class MovableRow implements RowReference {
  batch: RowBatch = emptyBatch
  row = 0

  pointAt(batch: RowBatch, row: number): this {
    this.batch = batch
    this.row = row
    return this
  }
}
