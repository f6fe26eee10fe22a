// SPDX-License-Identifier: Apache-2.0
import type { TimelineFormatName } from '../formats.ts'
import type { DetailsEncoder } from '../write/timeline-format.ts'
import type { TimelineOptions } from '../write/timeline-options.ts'
import { NUMBER_COLUMNS, requestNumber } from './columns.ts'
import type { Block, ScannedBlock } from './block.ts'
import type { RowBatch } from './row-batch.ts'
import { readUnread } from './read-unread.ts'
import { createScanner } from './scan/scanner.ts'

/** What is done with a block besides scanning it. Plain data: it is sent to other threads. */
export interface ScanOptions {
  /** Encode what this format shows of each row. @defaultValue nothing */
  readonly details?: DetailsRequest
}

export interface DetailsRequest {
  readonly format: TimelineFormatName
  readonly timeline: TimelineOptions
}

/** A block that is ready for its consumer. */
export interface ScannedRows extends ScannedBlock {
  /** The earliest event time among its rows, those of a harness log too; NaN where there are none. */
  readonly earliestMs: number
}

export type ScanBlock = (block: Block, spare?: RowBatch) => ScannedRows

/**
 * Makes what turns blocks into batches; each thread has one of its own.
 *
 * What it makes throws DynamoAgentError `DYN_INPUT_NOT_FOUND` where a block that nobody has read cannot be.
 */
export async function createScanBlock({ details }: ScanOptions): Promise<ScanBlock> {
  const scan = createScanner()
  const encodeDetails = details && (await loadDetailsEncoder(details))
  return (block, spare) => {
    const scanned = scan(block.unread ? readUnread(block, block.unread) : block, spare)
    const { batch } = scanned
    return {
      ...scanned,
      batch: encodeDetails ? { ...batch, details: encodeDetails(batch, spare?.details) } : batch,
      earliestMs: earliestOf(batch),
    }
  }
}

/** Formats are loaded only where one is asked for: whoever reads records needs none. */
async function loadDetailsEncoder({ format, timeline }: DetailsRequest): Promise<DetailsEncoder> {
  const { timelineFormats } = await import('../formats.ts')
  const createDetailsEncoder = await timelineFormats[format].loadDetailsEncoder()
  return createDetailsEncoder(timeline)
}

function earliestOf({ count, numbers, harness = [] }: RowBatch): number {
  let earliest = Number.POSITIVE_INFINITY
  for (let at: number = requestNumber.eventTimeMs; at < count * NUMBER_COLUMNS; at += NUMBER_COLUMNS) {
    const timeMs = numbers[at] ?? earliest
    if (timeMs < earliest) earliest = timeMs
  }
  for (const { record } of harness) if (record.eventTimeMs < earliest) earliest = record.eventTimeMs
  return count === 0 && harness.length === 0 ? Number.NaN : earliest
}
