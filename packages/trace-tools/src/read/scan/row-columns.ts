// SPDX-License-Identifier: Apache-2.0
import { NUMBER_COLUMNS, requestText, TEXT_COLUMNS } from '../columns.ts'
import type { RowBatch } from '../row-batch.ts'
import type { HashHalves } from '../word-hash.ts'
import { Text } from './text.ts'

// See text.ts for why these are constants of this module.
const NUMBERS = NUMBER_COLUMNS
const TEXTS = TEXT_COLUMNS * 2

type Arrays = Omit<RowBatch, 'input' | 'count' | 'bytes' | 'details'>

/** Rows that are made ready at a time, and the least that arrays are made for. */
const ROWS_AT_A_TIME = 128

/** The columns of a batch while it is filled, and the row that is filled at the moment. */
export class RowColumns {
  /** Rows that are complete; also the place of the one that is filled. */
  count = 0
  kinds: Uint8Array
  flags: Uint8Array
  lines: Uint32Array
  numbers: Float64Array
  texts: Uint32Array
  identityHashes: Uint32Array
  fingerprints: Uint32Array
  calls: Int32Array
  callEnds: Uint32Array
  finishShapes: Uint16Array
  /** What texts are places in. */
  text: Text
  /** Where the bytes that were read end; texts that have to be decoded are put behind. */
  #bytesEnd: number
  /** Rows that numbers and texts are empty for. */
  #ready = 0
  /** Tool calls that the rows name, up to the one that is filled. */
  #calls = 0

  /**
   * @param bytes The bytes behind `bytesEnd` may be overwritten.
   * @param spare Arrays that nobody needs any more: new ones for each block of
   * a large file would be garbage faster than it is collected.
   */
  constructor(bytes: Uint8Array, bytesEnd: number, spare?: RowBatch) {
    this.text = new Text(bytes, bytesEnd)
    this.#bytesEnd = bytesEnd
    const arrays = spare ?? createArrays(ROWS_AT_A_TIME)
    const { kinds, flags, lines, numbers, texts, identityHashes, fingerprints, calls, callEnds, finishShapes } = arrays
    this.kinds = kinds
    this.flags = flags
    this.lines = lines
    this.numbers = numbers
    this.texts = texts
    this.identityHashes = identityHashes
    this.fingerprints = fingerprints
    this.calls = calls
    this.callEnds = callEnds
    this.finishShapes = finishShapes
  }

  /** Makes sure that there is an empty row at `count`. */
  prepareRow(): void {
    if (this.count < this.#ready) return
    if (this.count + ROWS_AT_A_TIME > this.kinds.length) this.#grow()
    this.#ready += ROWS_AT_A_TIME
    this.#empty(this.count, this.#ready)
  }

  /** The row that is filled at the moment is complete. */
  addRow(line: number): void {
    this.lines[this.count] = line
    this.callEnds[this.count] = this.#calls
    this.count++
  }

  toBatch(): RowBatch {
    const { count, kinds, flags, lines, numbers, texts, identityHashes, fingerprints } = this
    const { calls, callEnds, finishShapes } = this
    const { bytes } = this.text
    return {
      ...{ input: 0, count, kinds, flags, lines, numbers, texts, bytes, identityHashes, fingerprints },
      ...{ calls, callEnds, finishShapes },
    }
  }

  /** Empties the row that is filled at the moment. */
  clearRow(): void {
    this.#empty(this.count, this.count + 1)
    this.forgetCalls()
  }

  setNumber(column: number, value: number): void {
    this.numbers[this.count * NUMBERS + column] = value
  }

  /** NaN where the row says nothing. */
  number(column: number): number {
    return this.numbers[this.count * NUMBERS + column] ?? Number.NaN
  }

  hasNumber(column: number): boolean {
    return !Number.isNaN(this.number(column))
  }

  setText(column: number, start: number, end: number): void {
    const place = this.count * TEXTS + column * 2
    this.texts[place] = start
    this.texts[place + 1] = end - start
  }

  hasText(column: number): boolean {
    return this.textStart(column) !== 0
  }

  textStart(column: number): number {
    return this.texts[this.count * TEXTS + column * 2] ?? 0
  }

  textLength(column: number): number {
    return this.texts[this.count * TEXTS + column * 2 + 1] ?? 0
  }

  /** @param shape See RowBatch. */
  setFinish(start: number, end: number, shape: number): void {
    this.setText(requestText.finish, start, end)
    this.finishShapes[this.count] = shape
  }

  /** Adds a tool call that the row names. */
  addCall({ low, high }: HashHalves): void {
    const at = this.#calls++ * 2
    if (at === this.calls.length) this.calls = grown(this.calls)
    this.calls[at] = low
    this.calls[at + 1] = high
  }

  /** The row names no tool call after all. */
  forgetCalls(): void {
    this.#calls = this.count === 0 ? 0 : (this.callEnds[this.count - 1] ?? 0)
  }

  moveText(from: number, to: number): void {
    const start = this.textStart(from)
    this.setText(to, start, start + this.textLength(from))
    this.setText(from, 0, 0)
  }

  /** A text that does not stand in what was read. */
  addText(column: number, value: string): void {
    const start = this.#bytesEnd
    const end = start + Buffer.byteLength(value)
    if (end > this.text.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, this.text.bytes.length * 2))
      this.text.bytes.copy(larger, 0, 0, start)
      this.text = new Text(larger, end)
    }
    this.text.bytes.write(value, start)
    this.setText(column, start, end)
    this.#bytesEnd = end
  }

  #empty(from: number, to: number): void {
    this.numbers.fill(Number.NaN, from * NUMBERS, to * NUMBERS)
    this.texts.fill(0, from * TEXTS, to * TEXTS)
    this.finishShapes.fill(0, from, to)
  }

  #grow(): void {
    const grown = createArrays(Math.max(this.kinds.length * 2, ROWS_AT_A_TIME))
    grown.kinds.set(this.kinds)
    grown.flags.set(this.flags)
    grown.lines.set(this.lines)
    grown.numbers.set(this.numbers)
    grown.texts.set(this.texts)
    grown.identityHashes.set(this.identityHashes)
    grown.fingerprints.set(this.fingerprints)
    grown.callEnds.set(this.callEnds)
    grown.finishShapes.set(this.finishShapes)
    Object.assign(this, { ...grown, calls: this.calls })
  }
}

function grown(words: Int32Array): Int32Array {
  const larger = new Int32Array(Math.max(words.length * 2, 2 * ROWS_AT_A_TIME))
  larger.set(words)
  return larger
}

function createArrays(rows: number): Arrays {
  return {
    kinds: new Uint8Array(rows),
    flags: new Uint8Array(rows),
    lines: new Uint32Array(rows),
    numbers: new Float64Array(rows * NUMBERS),
    texts: new Uint32Array(rows * TEXTS),
    identityHashes: new Uint32Array(rows * 2),
    fingerprints: new Uint32Array(rows * 2),
    calls: new Int32Array(rows * 2),
    callEnds: new Uint32Array(rows),
    finishShapes: new Uint16Array(rows),
  }
}
