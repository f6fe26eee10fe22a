// SPDX-License-Identifier: Apache-2.0
import type { SkipReason } from '@dynamo-agent/core'
import type { RowBatch } from './row-batch.ts'

/**
 * A stretch of an input that holds whole lines and nothing else: the last byte
 * before `end` is a line feed. What stands outside of it has no meaning, and
 * there are at least BYTES_BEHIND of it after `end`, so that words can be read
 * where there are only bytes.
 */
export interface Block {
  /** Begins at 0 of its buffer; it becomes the `bytes` of the batch. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Set where nobody has read it yet, and `bytes` are only room for it: where its bytes up to `end` stand. */
  readonly unread?: UnreadBytes
}

/** Bytes of a file that is open. */
export interface UnreadBytes {
  /** The same in all threads of a process. */
  readonly fd: number
  readonly path: string
  readonly offset: number
}

export const BYTES_BEHIND = 8

export const LINE_FEED = 0x0a

/**
 * Turns lines into rows; one for each thread.
 *
 * @param spare A batch that is done with: its arrays may be used again, and
 * replaced by longer ones where they are too short. Its `bytes` are not its own any more.
 */
export type Scanner = (block: Block, spare?: RowBatch) => ScannedBlock

/** What a block holds. */
export interface ScannedBlock {
  /** `lines` count from 1 at the beginning of the block, `input` is 0. */
  readonly batch: RowBatch
  /** Lines of any kind. */
  readonly lines: number
  /** Lines that are payload rows. */
  readonly payload: number
  /** Lines that are neither rows nor blank. */
  readonly skipped: SkippedLines
}

export type SkippedLines = Partial<Record<Exclude<SkipReason, 'blank'>, SkippedLineCount>>

export interface SkippedLineCount {
  count: number
  /** From 1 at the beginning of the block. */
  firstLine: number
}
