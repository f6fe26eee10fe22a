// SPDX-License-Identifier: Apache-2.0
import type { HarnessRecord } from '@dynamo-agent/core'
import { NUMBER_COLUMNS, TEXT_COLUMNS } from './columns.ts'

/**
 * Rows of one stretch of an input, in columns: a million rows as objects
 * would cost more than everything else that is done with them. Numbers stand
 * in one array and texts as places in the bytes that were read, so that most
 * are never decoded. Everything in it can be transferred between threads.
 *
 * Arrays may be longer than `count` rows need: they are used again.
 */
export interface RowBatch {
  /** Place of the input among the inputs of the census. */
  readonly input: number
  readonly count: number
  /** How long the lines are that its rows were read from. */
  readonly lineBytes: number
  /** A RowKind for each row. */
  readonly kinds: Uint8Array
  /** Bits of rowFlag for each row. */
  readonly flags: Uint8Array
  /** Line number of each row, from 1. */
  readonly lines: Uint32Array
  /** NUMBER_COLUMNS for each row, row by row; NaN where the row says nothing. */
  readonly numbers: Float64Array
  /** TEXT_COLUMNS pairs of start and length in `bytes`, row by row; a start of 0 says that there is no text. */
  readonly texts: Uint32Array
  readonly bytes: Uint8Array
  /** Two for each row: a hash of session and trajectory id; twice 0 for rows without identity. */
  readonly identityHashes: Uint32Array
  /**
   * Two for each row: a hash of what makes it the same row as another one. For
   * a request identity, event time and request id; for a tool row identity,
   * kind, event time, start, end and tool call id.
   */
  readonly fingerprints: Uint32Array
  /** For each row a hash of the workers that served the request; 0 where it names none. */
  readonly workerHashes: Uint32Array
  /**
   * Hashes of the ids of tool calls that rows name, two halves each, those of
   * one row after those of the row before: of a tool row its own; of a request
   * those that it asked for, where finishShapes knows its text.
   */
  readonly calls: Int32Array
  /** How many calls the rows up to this one name. */
  readonly callEnds: Uint32Array
  /**
   * A hash of each KV block that rows name in `input_sequence_hashes`, of 32
   * bits: the same digits have the same. Those of one row stand after those of
   * the row before.
   */
  readonly blockHashes: Uint32Array
  /** How many blocks the rows up to this one name. */
  readonly blockEnds: Uint32Array
  /**
   * For each row a number that its `finish` shares with texts that differ in
   * the ids of tool calls only, as long as the scanner is the same; 0 where there
   * is no such text, or the ids in it may be anything.
   */
  readonly finishShapes: Uint16Array
  /** What the format of the output shows of each row, where the reader was asked to encode it. */
  readonly details?: RowDetails
  /** Rows of a harness log that stand among these; absent where there are none. */
  readonly harness?: readonly HarnessRow[]
}

/** A row of a harness log: there are a few for each turn of an agent, so they need no columns. */
export interface HarnessRow {
  readonly record: HarnessRecord
  /** How many of the other rows of the batch come before it. */
  readonly rowsBefore: number
}

/** A batch without rows. */
export const emptyBatch: RowBatch = {
  input: 0,
  count: 0,
  lineBytes: 0,
  kinds: new Uint8Array(),
  flags: new Uint8Array(),
  lines: new Uint32Array(),
  numbers: new Float64Array(),
  texts: new Uint32Array(),
  bytes: new Uint8Array(),
  identityHashes: new Uint32Array(),
  fingerprints: new Uint32Array(),
  workerHashes: new Uint32Array(),
  calls: new Int32Array(),
  callEnds: new Uint32Array(),
  blockHashes: new Uint32Array(),
  blockEnds: new Uint32Array(),
  finishShapes: new Uint16Array(),
}

/** The details of all rows one after the other; those of row i end at `ends[i]`, where those of the next begin. */
export interface RowDetails {
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
  /** Two for each row: a hash of the text that its slice is named after; absent where the format has no use for it. */
  readonly labels?: Int32Array
}

/** One row, wherever it stands. */
export interface RowReference {
  readonly batch: RowBatch
  readonly row: number
}

/** A number of a row, NaN where it says nothing. */
export function numberOf({ batch, row }: RowReference, column: number): number {
  return batch.numbers[row * NUMBER_COLUMNS + column] ?? Number.NaN
}

/** A text of a row; undefined where it has none. */
export function textOf({ batch, row }: RowReference, column: number): string | undefined {
  const place = (row * TEXT_COLUMNS + column) * 2
  const start = batch.texts[place] ?? 0
  if (start === 0) return undefined
  return decodeText(batch.bytes, start, batch.texts[place + 1] ?? 0)
}

/** A text of a row with a character for each byte, which costs least where it may never be looked at; empty where there is none. */
export function rawText(reference: RowReference, column: number): string {
  const start = textStart(reference, column)
  return bufferOver(reference.batch.bytes, lastTexts).toString('latin1', start, start + textLength(reference, column))
}

/** Where a text of a row begins in the bytes of its batch; 0 where the row has none. */
export function textStart({ batch, row }: RowReference, column: number): number {
  return batch.texts[(row * TEXT_COLUMNS + column) * 2] ?? 0
}

/** Its length in bytes. */
export function textLength({ batch, row }: RowReference, column: number): number {
  return batch.texts[(row * TEXT_COLUMNS + column) * 2 + 1] ?? 0
}

/** How many tool calls the rows before this one name; its own follow in `calls`. */
export function callsBefore({ batch, row }: RowReference): number {
  return endBefore(batch.callEnds, row)
}

/** How many KV blocks the rows before this one name; its own follow in `blockHashes`. */
export function blocksBefore({ batch, row }: RowReference): number {
  return endBefore(batch.blockEnds, row)
}

/** Where the encoded details of a row begin; they end at `ends[row]`. */
export function detailsStart({ ends }: RowDetails, row: number): number {
  return endBefore(ends, row)
}

function endBefore(ends: Uint32Array, row: number): number {
  return row === 0 ? 0 : (ends[row - 1] ?? 0)
}

/** The encoded details of a row, a character for each byte; undefined where there are none. */
export function detailsText({ batch: { details }, row }: RowReference): string | undefined {
  return details && bufferOver(details.bytes, lastDetails).toString('latin1', detailsStart(details, row), details.ends[row])
}

/** Bytes that were decoded from last, and a buffer over them: making one for each text costs more than decoding it. */
interface LastDecoded {
  bytes: Uint8Array
  buffer: Buffer
}

const lastTexts: LastDecoded = { bytes: new Uint8Array(), buffer: Buffer.alloc(0) }
const lastDetails: LastDecoded = { bytes: new Uint8Array(), buffer: Buffer.alloc(0) }

function bufferOver(bytes: Uint8Array, last: LastDecoded): Buffer {
  if (bytes !== last.bytes) {
    last.bytes = bytes
    last.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  return last.buffer
}

/** A text that stands in the bytes of a batch. */
export function decodeText(bytes: Uint8Array, start: number, length: number): string {
  return bufferOver(bytes, lastTexts).toString('utf8', start, start + length)
}
