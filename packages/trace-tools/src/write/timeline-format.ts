// SPDX-License-Identifier: Apache-2.0
import type { ModelSink, TraceOutline } from '../model/model-sink.ts'
import type { RowBatch, RowDetails } from '../read/row-batch.ts'
import type { TimelineOptions } from './timeline-options.ts'

/** Pieces of the output but the last hold at least so many bytes: a trace may be split over a thousand writers. */
export const PIECE_BYTES = 1 << 16

/**
 * How a timeline is written, in two steps that may run in different threads:
 * what a single row says is encoded where rows are read, and what becomes of
 * rows together is written in one place.
 */
export interface TimelineFormat {
  /** Ending of files in this format, with the dot. */
  readonly extension: string
  /** Loaded when they are needed: a thread that reads rows writes nothing, and of two formats one is asked for. */
  loadDetailsEncoder(): Promise<CreateDetailsEncoder>
  loadWriter(): Promise<CreateWriter>
}

/** Makes the function that encodes what single rows say; all its batches have to come from one scanner. */
export type CreateDetailsEncoder = (options: TimelineOptions) => DetailsEncoder

/** @param emit Takes the pieces of the output, in order; a piece is good during the call only. */
export type CreateWriter = (options: TimelineOptions, emit: (piece: Uint8Array) => void) => TimelineWriter

/** Writes what the model tells. */
export interface TimelineWriter extends Omit<ModelSink, 'end'> {
  /**
   * Writes the rest, when everything else has come, and only as far as somebody
   * takes its steps: of a long trace it is too much to be kept in memory.
   */
  end(outline: TraceOutline): Iterator<void>
}

/**
 * @param spare Details of a batch that is done with: their arrays may be used
 * again, and grown where they are too short. Without them new ones are made.
 */
export type DetailsEncoder = (batch: RowBatch, spare?: RowDetails) => RowDetails
