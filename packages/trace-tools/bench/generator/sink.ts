// SPDX-License-Identifier: Apache-2.0
import type { RequestRow, RowFormat, ToolRow } from './rows.ts'
import { encode, TextBuffer } from './text-buffer.ts'
import type { RowType, TruthTaker } from './truth.ts'

/** Bytes that Dynamo's sink gathers before it writes. */
const BUFFER_BYTES = 1024 * 1024
const LONGEST_ROW_BYTES = 64 * 1024

/** The sink opens this long before time 0 of the trace. */
const HEAD_START_MS = 1000

const timestampKey = encode('{"timestamp":')
const eventKey = encode(',"event":')
const lineEnd = encode('}\n')

interface SinkOptions {
  readonly format: RowFormat
  readonly truth: TruthTaker
  /** What time 0 of the trace is on the clock. */
  readonly epochMs: number
}

/** Collects rows into the lines of a file, as Dynamo's sink does. */
export class Sink {
  readonly #options: SinkOptions
  readonly #lines = new TextBuffer(BUFFER_BYTES + LONGEST_ROW_BYTES)

  constructor(options: SinkOptions) {
    this.#options = options
  }

  get epochMs(): number {
    return this.#options.epochMs
  }

  /** @param nowNs When the row arrives; not before the one that came last. */
  writeRequest(row: RequestRow, nowNs: number): void {
    const start = this.#begin(nowNs)
    this.#options.format.request(this.#lines, row, this.epochMs)
    this.#end('request_end', start)
  }

  /** @param nowNs As in writeRequest. */
  writeTool(row: ToolRow, nowNs: number): void {
    const start = this.#begin(nowNs)
    this.#options.format.tool(this.#lines, row)
    this.#end(row.type, start)
  }

  /** Whether there are enough lines to be written. */
  get isFull(): boolean {
    return this.#lines.length >= BUFFER_BYTES
  }

  /** The lines since the last time. */
  takeLines(): Uint8Array {
    const lines = Buffer.from(this.#lines.written)
    this.#lines.truncate(0)
    return lines
  }

  #begin(nowNs: number): number {
    const start = this.#lines.length
    this.#lines.bytes(timestampKey).integer(HEAD_START_MS + Math.floor(nowNs / 1e6)).bytes(eventKey)
    return start
  }

  #end(type: RowType, start: number): void {
    this.#lines.bytes(lineEnd)
    this.#options.truth.countRow(type, this.#lines.length - start)
  }
}
