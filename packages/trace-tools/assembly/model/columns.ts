// SPDX-License-Identifier: Apache-2.0
import { NUMBER_BYTES } from '../row-layout'
import { allocate, release } from '../memory'

/** Bytes of each row in all columns. */
const ROW_BYTES: u32 = <u32>NUMBER_BYTES + 8 + 4 + 4 + 4 + 1 + 1

/**
 * The columns of the batch that is taken: the host copies them to these
 * places. They hold what src/read/row-batch.ts says, and for each row its
 * trajectory and what its finish says.
 */
export let numbers: usize = 0
export let fingerprints: usize = 0
export let trajectories: usize = 0
export let workers: usize = 0
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
  fingerprints = numbers + <usize>capacity * NUMBER_BYTES
  trajectories = fingerprints + capacity * 8
  workers = trajectories + capacity * 4
  callEnds = workers + capacity * 4
  kinds = callEnds + capacity * 4
  finishes = kinds + capacity
}

/** A number of a row, NaN where it says nothing. */
@inline
export function numberOf(row: u32, column: i32): f64 {
  return load<f64>(numbers + <usize>row * NUMBER_BYTES + (<usize>column << 3))
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
