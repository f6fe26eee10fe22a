// SPDX-License-Identifier: Apache-2.0
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../columns.ts'
import type { RowBatch } from '../row-batch.ts'
import { createScanWasm, type ScanWasm } from './scan-wasm.ts'
import { takeColumns } from './take-columns.ts'

const NUMBER_BYTES = 8
const TEXT_BYTES = 8

/**
 * The columns that rows are read into: by assembly/scan as far as they are as
 * Dynamo writes them, and by whoever has them from core's parser.
 */
export class RowColumns {
  readonly #wasm: ScanWasm = createScanWasm()
  #blockAt = 0
  #blockEnd = 0
  /** Where the texts behind the block end. */
  #end = 0

  /** Begins with a block, of which the bytes up to its end are copied. */
  begin(block: Uint8Array, end: number): void {
    this.#blockAt = this.#wasm.reserveBlock(end, 0)
    this.#blockEnd = end
    this.#end = end
    new Uint8Array(this.#wasm.memory.buffer).set(block.subarray(0, end), this.#blockAt)
    this.#wasm.beginBlock()
  }

  /**
   * Reads lines up to the end, or the first one that is left to core's parser;
   * the row may then be filled in part.
   *
   * @returns The place behind those that were read.
   */
  scan(start: number, end: number): number {
    return this.#wasm.scan(start, end)
  }

  /** The line that was left is a payload row. */
  get isPayload(): boolean {
    return this.#wasm.isPayload.value !== 0
  }

  /** Lines that were read, the one that was left included. */
  get lines(): number {
    return this.#wasm.lines.value
  }

  /** Rows that are complete; also the place of the one that is filled. */
  get count(): number {
    return this.#wasm.count.value
  }

  /** Empties the row that is filled at the moment. */
  clearRow(): void {
    this.#wasm.clearRow()
  }

  /** The row that is filled at the moment is complete; an empty one follows. */
  endRow(line: number): void {
    this.#wasm.endRow(line)
  }

  setKind(kind: number, flags: number): void {
    const { memory, kindsAt, flagsAt } = this.#wasm
    const bytes = new Uint8Array(memory.buffer)
    bytes[kindsAt.value + this.count] = kind
    bytes[flagsAt.value + this.count] = flags
  }

  setNumber(column: number, value: number): void {
    const { memory, numbersAt } = this.#wasm
    const at = numbersAt.value + (this.count * NUMBER_COLUMNS + column) * NUMBER_BYTES
    new DataView(memory.buffer).setFloat64(at, value, true)
  }

  /** A text that does not stand in what was read. */
  addText(column: number, value: string): void {
    const start = this.#end
    const size = Buffer.byteLength(value)
    this.#end += size
    this.#blockAt = this.#wasm.reserveBlock(this.#end, start)
    const { memory, textsAt } = this.#wasm
    Buffer.from(memory.buffer).write(value, this.#blockAt + start)
    const view = new DataView(memory.buffer)
    const at = textsAt.value + (this.count * TEXT_COLUMNS + column) * TEXT_BYTES
    view.setUint32(at, start, true)
    view.setUint32(at + 4, size, true)
  }

  /**
   * Copies the rows.
   *
   * @param block What they were read from: it becomes the bytes of the batch, unless there are texts behind it.
   * @param spare A batch whose arrays nobody needs any more: new ones for each
   * block of a large file would be garbage faster than it is collected.
   */
  toBatch(block: Uint8Array, spare?: RowBatch): RowBatch {
    const wasm = this.#wasm
    const { buffer } = wasm.memory
    const { count } = this
    const calls = wasm.callCount.value
    const blocks = wasm.blockCount.value
    const columns = takeColumns(spare, { rows: count, calls, blocks })
    columns.kinds.set(new Uint8Array(buffer, wasm.kindsAt.value, count))
    columns.flags.set(new Uint8Array(buffer, wasm.flagsAt.value, count))
    columns.lines.set(new Uint32Array(buffer, wasm.linesAt.value, count))
    columns.numbers.set(new Float64Array(buffer, wasm.numbersAt.value, count * NUMBER_COLUMNS))
    columns.texts.set(new Uint32Array(buffer, wasm.textsAt.value, count * TEXT_COLUMNS * 2))
    columns.identityHashes.set(new Uint32Array(buffer, wasm.identityHashesAt.value, count * 2))
    columns.fingerprints.set(new Uint32Array(buffer, wasm.fingerprintsAt.value, count * 2))
    columns.workerHashes.set(new Uint32Array(buffer, wasm.workerHashesAt.value, count))
    columns.calls.set(new Int32Array(buffer, wasm.callsAt.value, calls * 2))
    columns.callEnds.set(new Uint32Array(buffer, wasm.callEndsAt.value, count))
    columns.blockHashes.set(new Uint32Array(buffer, wasm.blockHashesAt.value, blocks))
    columns.blockEnds.set(new Uint32Array(buffer, wasm.blockEndsAt.value, count))
    columns.finishShapes.set(new Uint16Array(buffer, wasm.finishShapesAt.value, count))
    return { input: 0, count, lineBytes: this.#blockEnd, bytes: this.#withTexts(block), ...columns }
  }

  /** The block with the texts behind it, for which it may have room. */
  #withTexts(block: Uint8Array): Uint8Array {
    if (this.#end === this.#blockEnd) return block
    const all = new Uint8Array(this.#wasm.memory.buffer, this.#blockAt, this.#end)
    if (this.#end > block.length) return all.slice()
    block.set(all.subarray(this.#blockEnd), this.#blockEnd)
    return block
  }
}
