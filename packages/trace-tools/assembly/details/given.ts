// SPDX-License-Identifier: Apache-2.0
import { NUMBER_BYTES, TEXT_BYTES } from '../row-layout'

/** Bytes behind a text that may be read with it. */
const BYTES_BEHIND: usize = 16

// Where the rows of a batch stand, see RowBatch.
export let bytesAt: usize = 0
export let numbersAt: usize = 0
export let textsAt: usize = 0
export let kindsAt: usize = 0
export let flagsAt: usize = 0
export let shapesAt: usize = 0

let byteRoom: usize = 0
let rowRoom: i32 = 0

/** The row that is encoded at the moment. */
export let row: i32 = 0
let rowNumbersAt: usize = 0
let rowTextsAt: usize = 0

/** Makes room for a batch. What is given up is lost to the allocator: room grows a few times and then never again. */
export function reserveRows(bytes: usize, rows: i32): void {
  if (bytes > byteRoom) {
    byteRoom = max(bytes, byteRoom * 2)
    bytesAt = heap.alloc(byteRoom + BYTES_BEHIND)
  }
  if (rows > rowRoom) {
    rowRoom = max(rows, rowRoom * 2)
    numbersAt = heap.alloc(<usize>rowRoom * NUMBER_BYTES)
    textsAt = heap.alloc(<usize>rowRoom * TEXT_BYTES)
    kindsAt = heap.alloc(<usize>rowRoom)
    flagsAt = heap.alloc(<usize>rowRoom)
    shapesAt = heap.alloc(<usize>rowRoom * 2)
  }
}

@inline
export function turnTo(index: i32): void {
  row = index
  rowNumbersAt = numbersAt + <usize>index * NUMBER_BYTES
  rowTextsAt = textsAt + <usize>index * TEXT_BYTES
}

/** 0 where there is no row. */
@inline
export function kind(): u8 {
  return load<u8>(kindsAt + row)
}

@inline
export function flags(): i32 {
  return load<u8>(flagsAt + row)
}

/** Number of the shape of its `finish`, 0 for any other. */
@inline
export function shape(): i32 {
  return load<u16>(shapesAt + (<usize>row << 1))
}

/** NaN where the row says nothing. */
@inline
export function number(column: i32): f64 {
  return load<f64>(rowNumbersAt + (<usize>column << 3))
}

@inline
export function hasText(column: i32): bool {
  return load<u32>(rowTextsAt + (<usize>column << 3)) !== 0
}

@inline
export function textStart(column: i32): usize {
  return bytesAt + load<u32>(rowTextsAt + (<usize>column << 3))
}

@inline
export function textLength(column: i32): u32 {
  return load<u32>(rowTextsAt + (<usize>column << 3), 4)
}
