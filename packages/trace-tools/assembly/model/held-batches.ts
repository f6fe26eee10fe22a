// SPDX-License-Identifier: Apache-2.0
import { allocate, release } from '../memory'
import { Table } from '../table'
import { Order } from './order'

/** What is needed of a batch to settle its rows. */
@unmanaged
export class HeldBatch extends Order {
  /** Hashes of the ids of tool calls that its rows name. */
  calls: usize
  callCount: u32
}

/** By slot: a number that the host gives, and uses again. */
const held = changetype<Table>(memory.data(offsetof<Table>(), 8))

/** @returns The place that the host copies the hashes to. */
export function hold(slot: u32, rows: u32, calls: u32): usize {
  const batch = changetype<HeldBatch>(allocate(offsetof<HeldBatch>()))
  batch.begin(rows)
  batch.callCount = calls
  batch.calls = allocate(max(1, calls) << 3)
  while (held.count <= slot) held.push(0)
  held.set(slot, changetype<usize>(batch))
  return batch.calls
}

@inline
export function heldAt(slot: u32): HeldBatch {
  return changetype<HeldBatch>(held.at(slot))
}

/** Its rows are settled. */
export function forget(slot: u32): void {
  const batch = heldAt(slot)
  release(batch.calls, max(1, batch.callCount) << 3)
  batch.end()
  release(changetype<usize>(batch), offsetof<HeldBatch>())
}
