// SPDX-License-Identifier: Apache-2.0
import { toolText } from '../read/columns.ts'
import { detailsText, textOf, type RowReference } from '../read/row-batch.ts'
import type { TextCache } from '../read/text-cache.ts'

/** What a start row says of a call that may never end. */
export interface OpenStart {
  readonly toolCallId: string
  readonly toolClass: string
  /** What the output shows of the row, a character for each byte: as a string it costs least until it is needed, if ever. */
  readonly details: string | undefined
  /** The row itself, where rows are not forgotten. */
  readonly row: RowReference | undefined
}

export interface ReadOpenStartOptions {
  readonly classes: TextCache
  /** Rows are never forgotten. */
  readonly keepsRows: boolean
}

export function readOpenStart(row: RowReference, { classes, keepsRows }: ReadOpenStartOptions): OpenStart {
  return {
    toolCallId: textOf(row, toolText.toolCallId) ?? '',
    toolClass: classes.textOf(row, toolText.toolClass) ?? '',
    details: detailsText(row),
    row: keepsRows ? { batch: row.batch, row: row.row } : undefined,
  }
}
