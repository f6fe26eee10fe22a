// SPDX-License-Identifier: Apache-2.0
import type { HarnessRecord } from '@dynamo-agent/core'
import type { Census } from './census.ts'
import type { Input } from './inputs.ts'
import { readInOrder } from './read-in-order.ts'
import type { RowBatch } from './row-batch.ts'
import type { ScanOptions } from './scan-block.ts'
import { createScanPool } from './scan-pool.ts'
import { createSpares } from './spares.ts'
import { createCensusTaker } from './take-census.ts'
import { unusableInputs } from './unusable.ts'

/** Rows in batches, to be read once. */
export interface RowReading extends AsyncIterable<RowBatch> {
  /** Grows while reading; complete when the last batch has come. */
  readonly census: Census
  /** Says that nobody needs a batch any more: its memory is used again. */
  readonly release: (batch: RowBatch) => void
}

/** Whether a row is wanted. */
export type KeepRow = (batch: RowBatch, row: number) => boolean

/**
 * Which rows are wanted: of a batch first all others and then those of a
 * harness log, each in their order. Those that are not wanted count as filtered.
 */
export interface RowFilter {
  /** Rows that are not wanted get the kind 0. @defaultValue all */
  readonly keep?: KeepRow
  /** @defaultValue all */
  readonly keepHarness?: (record: HarnessRecord) => boolean
}

/** How rows are read. */
export interface ReadRowsOptions extends ScanOptions, RowFilter {
  /** Threads in all, the caller's included; the batches are the same for any number. @defaultValue 1 */
  readonly jobs?: number
  /**
   * Longest line that is read, in bytes with its line end; longer ones are skipped and counted.
   *
   * @defaultValue 256 MiB
   */
  readonly maxLineBytes?: number
  /**
   * Size of the stretches that are read and scanned as one, in bytes.
   *
   * @defaultValue 768 KiB; less where many inputs are open at once
   */
  readonly blockBytes?: number
  /**
   * Other threads start at once where the files have more than twice as many
   * bytes; else when so many were scanned, if that is more than the files have
   * (compressed, or a pipe). Less is done as soon in one thread, with less work.
   *
   * @defaultValue 64 MiB
   */
  readonly threadsAfterBytes?: number
}

/**
 * Large enough that what is done once for each block does not count, above all
 * to hand it to another thread and back; small enough that what becomes of it is
 * still in the processor's caches when it is drawn: two jobs take some percent
 * longer with two thirds of it, and with a third more. A block is kept several
 * times over, so a larger one shows in the memory that is needed too.
 */
const BLOCK_BYTES = 768 * 1024
const MAX_LINE_BYTES = 256 * 1024 * 1024
const THREADS_AFTER_BYTES = 64 * 1024 * 1024
const SPARES = 8
/** Enough to tell what kind of file it is. */
const SAMPLE_BYTES = 4096

/**
 * Reads the rows of inputs, in order of time as far as the inputs have one: an
 * input is read when its first row's time has come, and inputs that overlap
 * take turns. A row that is broken costs only itself and is counted.
 *
 * Iterating throws DynamoAgentError: `DYN_INPUT_NOT_FOUND` where an input that
 * was named cannot be read; at the end `DYN_INPUT_EMPTY` or `DYN_INPUT_NOT_A_TRACE`
 * where not one row could be used; `DYN_THREAD_FAILED`.
 */
export function readRows(inputs: readonly Input[], options: ReadRowsOptions = {}): RowReading {
  const taker = createCensusTaker(inputs)
  const spares = createSpares(SPARES)
  return {
    census: taker.census,
    release(batch) {
      spares.give(batch)
    },
    async *[Symbol.asyncIterator]() {
      const { jobs = 1, maxLineBytes = MAX_LINE_BYTES, threadsAfterBytes = THREADS_AFTER_BYTES, details } = options
      const blockBytes = Math.min(options.blockBytes ?? BLOCK_BYTES, maxLineBytes)
      /** Beginnings of inputs, as long as it may have to be told what they look like. */
      const samples = new Map<number, Uint8Array>()
      const expectedBytes = inputs.reduce((sum, { file }) => sum + (file?.bytes ?? 0), 0)
      const pool = await createScanPool({ jobs, blockBytes, threadsAfterBytes, expectedBytes, ...(details && { details }) })
      try {
        const stretches = readInOrder(inputs, {
          pool,
          spares,
          blockBytes,
          maxLineBytes,
          reportOf: (input) => taker.reportOf(input),
          onBeginning: (input, text) => {
            if (taker.census.rows.used === 0) samples.set(input, new Uint8Array(text.subarray(0, SAMPLE_BYTES)))
          },
        })
        for await (const { input, stretch } of stretches) {
          if (stretch.kind === 'passed-over') {
            taker.countLine(input, stretch.as, stretch.torn)
            continue
          }
          const { scanned, torn } = stretch
          const batch = filterRows(scanned.batch, options)
          taker.countBlock(input, { ...scanned, batch }, torn)
          taker.countFiltered(input, harnessCount(scanned.batch) - harnessCount(batch))
          if (batch.count === 0 && harnessCount(batch) === 0) spares.give(batch)
          else yield { ...batch, input }
        }
      } finally {
        await pool.close()
      }
      if (taker.census.rows.used === 0) throw unusableInputs(taker.census.inputs, samples)
    },
  }
}

function filterRows(batch: RowBatch, { keep, keepHarness }: RowFilter): RowBatch {
  if (keep) {
    for (let row = 0; row < batch.count; row++) {
      if (!keep(batch, row)) batch.kinds[row] = 0
    }
  }
  const { harness } = batch
  return harness && keepHarness ? { ...batch, harness: harness.filter(({ record }) => keepHarness(record)) } : batch
}

function harnessCount({ harness }: RowBatch): number {
  return harness?.length ?? 0
}
