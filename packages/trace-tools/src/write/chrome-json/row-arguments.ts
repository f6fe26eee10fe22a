// SPDX-License-Identifier: Apache-2.0
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../read/columns.ts'
import type { RowBatch, RowReference } from '../../read/row-batch.ts'
import type { RowField } from '../row-fields.ts'
import { constant, type Constant } from './constant.ts'
import type { JsonBuffer } from './json-buffer.ts'

const nothing = constant('null')


interface Argument extends RowField {
  /** `"name":` */
  readonly key: Constant
}

/**
 * Writes what single rows say as arguments of events, each with a comma
 * behind it, and remembers where they stand: parts of a request repeat some.
 */
export class RowArguments {
  readonly #buffer: JsonBuffer
  readonly #arguments: readonly Argument[]
  /** Where each argument of the last row stands in the buffer, without its comma; alike for what it does not tell. */
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array

  constructor(buffer: JsonBuffer, fields: readonly RowField[]) {
    this.#buffer = buffer
    this.#arguments = fields.map((field) => ({
      ...field,
      key: constant(`${JSON.stringify(field.group === undefined ? field.name : `${field.group}.${field.name}`)}:`),
    }))
    this.#starts = new Uint32Array(fields.length)
    this.#ends = new Uint32Array(fields.length)
  }

  write({ batch, row }: RowReference): void {
    const buffer = this.#buffer
    const starts = this.#starts
    const ends = this.#ends
    for (let index = 0; index < this.#arguments.length; index++) {
      const argument = this.#arguments[index]
      if (argument === undefined) break
      starts[index] = buffer.length
      if (argument.type === 'integer' || argument.type === 'real') this.#writeNumber(argument, batch, row)
      else this.#writeText(argument, batch, row)
      ends[index] = buffer.length
      if (buffer.length > (starts[index] ?? 0)) buffer.comma()
    }
  }

  /** Places of arguments by name, for `repeat`. */
  places(...names: readonly string[]): readonly number[] {
    return names.map((name) => this.#arguments.findIndex((argument) => argument.name === name))
  }

  /** Writes arguments of the last row once more; what it did not tell as null. */
  repeat(places: readonly number[]): void {
    const buffer = this.#buffer
    for (const place of places) {
      const start = this.#starts[place] ?? 0
      const end = this.#ends[place] ?? 0
      if (end > start) {
        buffer.repeat(start, end)
      } else {
        buffer.raw(this.#arguments[place]?.key ?? nothing)
        buffer.raw(nothing)
      }
      buffer.comma()
    }
  }

  #writeNumber({ type, column, key }: Argument, { numbers }: RowBatch, row: number): void {
    const value = numbers[row * NUMBER_COLUMNS + column] ?? Number.NaN
    if (Number.isNaN(value)) return
    const buffer = this.#buffer
    buffer.raw(key)
    if (type === 'integer') buffer.integer(value)
    else buffer.real(value)
  }

  #writeText({ type, column, key }: Argument, { texts, bytes }: RowBatch, row: number): void {
    const place = (row * TEXT_COLUMNS + column) * 2
    const start = texts[place] ?? 0
    if (start === 0) return
    const length = texts[place + 1] ?? 0
    const buffer = this.#buffer
    buffer.raw(key)
    if (type === 'u64') buffer.digits(bytes, start, length)
    else buffer.string(bytes, start, length)
  }
}
