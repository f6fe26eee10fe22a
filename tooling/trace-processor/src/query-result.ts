// SPDX-License-Identifier: Apache-2.0
import { readFields, readPackedVarints } from './wire.ts'

/** One SQL value. An integer is a bigint only where a double could not hold it. */
export type Value = null | number | bigint | string | Uint8Array

/** One row of a result, by column name. */
export type Row = Readonly<Record<string, Value>>

const cell = { null: 1, varint: 2, float64: 3, string: 4, blob: 5 } as const

/**
 * Decodes the batches of a QueryResult: the columns' names once, then cells in
 * row order, whose types come first and whose values lie in one list for each
 * type.
 *
 * @throws Error when the engine refused the statement.
 */
export function decodeQueryResult(results: readonly Uint8Array[]): Row[] {
  const columns: string[] = []
  const cells: Value[] = []
  for (const result of results) {
    for (const [number, value] of readFields(result)) {
      if (typeof value === 'bigint') continue
      if (number === 1) columns.push(Buffer.from(value).toString())
      if (number === 2 && value.length > 0)
        throw new Error(`trace_processor refuses the SQL: ${Buffer.from(value).toString()}`)
      if (number === 3) for (const cell of decodeBatch(value)) cells.push(cell)
    }
  }
  const rows: Row[] = []
  for (let start = 0; start < cells.length; start += columns.length) {
    rows.push(Object.fromEntries(columns.map((column, index) => [column, cells[start + index] ?? null])))
  }
  return rows
}

function* decodeBatch(batch: Uint8Array): Generator<Value> {
  let types: Iterable<bigint> = []
  let integers: Iterator<bigint> = [].values()
  let strings: Iterator<string> = [].values()
  let doubles: DataView = new DataView(new ArrayBuffer(0))
  const blobs: Uint8Array[] = []
  for (const [number, value] of readFields(batch)) {
    if (typeof value === 'bigint') continue
    if (number === 1) types = readPackedVarints(value)
    if (number === 2) integers = readPackedVarints(value)
    if (number === 3) doubles = new DataView(value.buffer, value.byteOffset, value.byteLength)
    if (number === 4) blobs.push(new Uint8Array(value))
    if (number === 5) strings = Buffer.from(value).toString().split('\0').values()
  }
  let offset = 0
  for (const type of types) {
    switch (Number(type)) {
      case cell.varint:
        yield toInteger(integers.next().value as bigint)
        break
      case cell.float64:
        yield doubles.getFloat64(offset, true)
        offset += 8
        break
      case cell.string:
        yield strings.next().value as string
        break
      case cell.blob:
        yield blobs.shift() ?? null
        break
      default:
        yield null
    }
  }
}

function toInteger(varint: bigint): number | bigint {
  const value = BigInt.asIntN(64, varint)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
