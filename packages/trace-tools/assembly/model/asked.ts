// SPDX-License-Identifier: Apache-2.0
import { forgetAsked } from './host'
import { allocate, enlarge, release } from '../memory'
import { Spawner } from './spawner'

@unmanaged
export class AskedCall extends Spawner {
  /** The call has an id. */
  hasId: bool
  /** Its end was read after all. */
  isReported: bool
}

const FIRST_CALLS: u32 = 2

/** The tool calls that a request asked for. */
@unmanaged
export class Asked {
  startMs: f64
  /** When the request ended, and the calls could begin. */
  endMs: f64
  /** See keepAsked(). */
  kept: u32
  count: u32
  capacity: u32
  calls: usize

  at(index: u32): AskedCall {
    return changetype<AskedCall>(this.calls + index * offsetof<AskedCall>())
  }

  add(hasId: bool, id: u64): AskedCall {
    if (this.count === this.capacity) {
      const capacity = max(FIRST_CALLS, this.capacity * 2)
      this.calls = enlarge(this.calls, this.capacity * offsetof<AskedCall>(), capacity * offsetof<AskedCall>())
      this.capacity = capacity
    }
    const call = this.at(this.count++)
    call.begin(id)
    call.hasId = hasId
    call.isReported = false
    return call
  }
}

export function createAsked(startMs: f64, endMs: f64): Asked {
  const asked = changetype<Asked>(allocate(offsetof<Asked>()))
  asked.startMs = startMs
  asked.endMs = endMs
  asked.kept = 0
  asked.count = 0
  asked.capacity = 0
  asked.calls = 0
  return asked
}

export function releaseAsked(asked: Asked): void {
  if (asked.kept !== 0) forgetAsked(asked.kept)
  for (let index: u32 = 0; index < asked.count; index++) asked.at(index).releaseEdges()
  if (asked.calls !== 0) release(asked.calls, asked.capacity * offsetof<AskedCall>())
  release(changetype<usize>(asked), offsetof<Asked>())
}
