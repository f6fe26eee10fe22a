// SPDX-License-Identifier: Apache-2.0
import { FINISH, NUMBER_BYTES, TEXT_BYTES } from '../row-layout'
import { blockAt } from './block'
import { blockCount, keepBlocks } from './block-hashes'
import { grown } from './grown'

const PAIR_BYTES: usize = 8

const NOTHING: f64 = NaN

/** Rows that are complete; also the place of the one that is filled. */
export let count: i32 = 0
/** Calls that the rows name, up to the one that is filled. */
export let callCount: i32 = 0

let capacity: i32 = 0
let callCapacity: i32 = 0

// Where the columns stand, see RowBatch.
export let kindsAt: usize = 0
export let flagsAt: usize = 0
export let linesAt: usize = 0
export let numbersAt: usize = 0
export let textsAt: usize = 0
export let identityHashesAt: usize = 0
export let fingerprintsAt: usize = 0
export let workerHashesAt: usize = 0
export let callsAt: usize = 0
export let callEndsAt: usize = 0
export let blockEndsAt: usize = 0
export let finishShapesAt: usize = 0

/** Begins with no rows. */
export function clearColumns(): void {
  count = 0
  callCount = 0
  keepBlocks(0)
}

/** Makes an empty row at `count`. */
export function prepareRow(): void {
  if (count === capacity) growRows()
  clearRow()
}

/** Empties the row that is filled at the moment. */
export function clearRow(): void {
  const numbers = numbersAt + <usize>count * NUMBER_BYTES
  for (let place: usize = 0; place < NUMBER_BYTES; place += 8) store<f64>(numbers + place, NOTHING)
  const texts = textsAt + <usize>count * TEXT_BYTES
  for (let place: usize = 0; place < TEXT_BYTES; place += 8) store<u64>(texts + place, 0)
  store<u16>(finishShapesAt + (<usize>count << 1), 0)
  forgetCalls()
  keepBlocks(blocksBefore())
}

/** The row that is filled at the moment is complete. */
export function addRow(line: u32): void {
  store<u32>(linesAt + (<usize>count << 2), line)
  store<u32>(callEndsAt + (<usize>count << 2), callCount)
  store<u32>(blockEndsAt + (<usize>count << 2), blockCount)
  count++
}

@inline
export function setKind(kind: u8, flags: i32): void {
  store<u8>(kindsAt + count, kind)
  store<u8>(flagsAt + count, <u8>flags)
}

@inline
export function kind(): u8 {
  return load<u8>(kindsAt + count)
}

@inline
export function setNumber(column: i32, value: f64): void {
  store<f64>(numbersAt + <usize>count * NUMBER_BYTES + (<usize>column << 3), value)
}

/** NaN where the row says nothing. */
@inline
export function number(column: i32): f64 {
  return load<f64>(numbersAt + <usize>count * NUMBER_BYTES + (<usize>column << 3))
}

@inline
export function hasNumber(column: i32): bool {
  return !isNaN(number(column))
}

@inline
export function textPair(column: i32): usize {
  return textsAt + <usize>count * TEXT_BYTES + (<usize>column << 3)
}

@inline
export function setText(column: i32, start: usize, end: usize): void {
  const pair = textPair(column)
  store<u32>(pair, <u32>(start - blockAt))
  store<u32>(pair, <u32>(end - start), 4)
}

@inline
export function hasText(column: i32): bool {
  return load<u32>(textPair(column)) !== 0
}

@inline
export function textStart(column: i32): usize {
  return blockAt + load<u32>(textPair(column))
}

@inline
export function textLength(column: i32): i32 {
  return load<u32>(textPair(column), 4)
}

export function moveText(from: i32, to: i32): void {
  store<u64>(textPair(to), load<u64>(textPair(from)))
  store<u64>(textPair(from), 0)
}

export function setFinish(start: usize, end: usize, shape: i32): void {
  setText(FINISH, start, end)
  store<u16>(finishShapesAt + (<usize>count << 1), <u16>shape)
}

export function setIdentityHash(low: u32, high: u32): void {
  store<u32>(identityHashesAt + (<usize>count << 3), low)
  store<u32>(identityHashesAt + (<usize>count << 3), high, 4)
}

export function setFingerprint(low: u32, high: u32): void {
  store<u32>(fingerprintsAt + (<usize>count << 3), low)
  store<u32>(fingerprintsAt + (<usize>count << 3), high, 4)
}

export function setWorkerHash(hash: u32): void {
  store<u32>(workerHashesAt + (<usize>count << 2), hash)
}

/** Adds a tool call that the row names. */
export function addCall(low: u32, high: u32): void {
  if (callCount === callCapacity) growCalls()
  store<u32>(callsAt + (<usize>callCount << 3), low)
  store<u32>(callsAt + (<usize>callCount << 3), high, 4)
  callCount++
}

/** The row names no tool call after all. */
export function forgetCalls(): void {
  callCount = endBefore(callEndsAt)
}

/** KV blocks that the rows before the one that is filled name. */
export function blocksBefore(): i32 {
  return endBefore(blockEndsAt)
}

function endBefore(endsAt: usize): i32 {
  return count === 0 ? 0 : load<u32>(endsAt + (<usize>(count - 1) << 2))
}

const FIRST_ROWS: i32 = 512

function growRows(): void {
  const rows = capacity
  capacity = max(FIRST_ROWS, rows * 2)
  kindsAt = grownColumn(kindsAt, rows, 1)
  flagsAt = grownColumn(flagsAt, rows, 1)
  linesAt = grownColumn(linesAt, rows, 4)
  numbersAt = grownColumn(numbersAt, rows, NUMBER_BYTES)
  textsAt = grownColumn(textsAt, rows, TEXT_BYTES)
  identityHashesAt = grownColumn(identityHashesAt, rows, PAIR_BYTES)
  fingerprintsAt = grownColumn(fingerprintsAt, rows, PAIR_BYTES)
  workerHashesAt = grownColumn(workerHashesAt, rows, 4)
  callEndsAt = grownColumn(callEndsAt, rows, 4)
  blockEndsAt = grownColumn(blockEndsAt, rows, 4)
  finishShapesAt = grownColumn(finishShapesAt, rows, 2)
}

function grownColumn(from: usize, rows: i32, bytes: usize): usize {
  return grown(from, <usize>rows * bytes, <usize>capacity * bytes)
}

function growCalls(): void {
  const calls = callCapacity
  callCapacity = max(FIRST_ROWS, calls * 2)
  callsAt = grown(callsAt, <usize>calls * PAIR_BYTES, <usize>callCapacity * PAIR_BYTES)
}
