// SPDX-License-Identifier: Apache-2.0
import { allocate, release } from './memory'

// As in src/read/columns.ts.
export const REQUEST: u32 = 1
export const TOOL_START: u32 = 2
export const TOOL_ERROR: u32 = 4

export const EVENT_TIME_MS = 0
export const RECEIVED_MS = 1
export const PREFILL_WAIT_MS = 2
export const PREFILL_MS = 3
export const TTFT_MS = 4
export const TOTAL_MS = 5

export const STARTED_AT_MS = 1
export const ENDED_AT_MS = 2
export const DURATION_MS = 3

/** Numbers of one row. */
const NUMBER_COLUMNS: u32 = 17

/** Bytes of each row in all columns. */
const ROW_BYTES: u32 = NUMBER_COLUMNS * 8 + 8 + 4 + 4 + 1 + 1

/**
 * The columns of the batch that is taken: the host copies them to these
 * places. They hold what src/read/row-batch.ts says, and for each row its
 * trajectory and what its finish says.
 */
export let numbers: usize = 0
export let fingerprints: usize = 0
export let trajectories: usize = 0
export let callEnds: usize = 0
export let kinds: usize = 0
export let finishes: usize = 0

let block: usize = 0
let capacity: u32 = 0

/** Makes room for the columns of so many rows; what they held is lost. */
export function makeRoom(rows: u32): void {
  if (rows <= capacity) return
  if (capacity > 0) release(block, capacity * ROW_BYTES)
  capacity = max(rows, capacity * 2)
  block = allocate(capacity * ROW_BYTES)
  numbers = block
  fingerprints = numbers + capacity * NUMBER_COLUMNS * 8
  trajectories = fingerprints + capacity * 8
  callEnds = trajectories + capacity * 4
  kinds = callEnds + capacity * 4
  finishes = kinds + capacity
}

/** A number of a row, NaN where it says nothing. */
@inline
export function numberOf(row: u32, column: i32): f64 {
  return load<f64>(numbers + ((row * NUMBER_COLUMNS + column) << 3))
}

@inline
export function kindOf(row: u32): u32 {
  return load<u8>(kinds + row)
}

@inline
export function fingerprintOf(row: u32): u64 {
  return load<u64>(fingerprints + (row << 3))
}

/** How many tool calls the rows before this one name; its own follow. */
@inline
export function callsBefore(row: u32): u32 {
  return row === 0 ? 0 : load<u32>(callEnds + (row << 2) - 4)
}
