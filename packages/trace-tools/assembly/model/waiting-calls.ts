// SPDX-License-Identifier: Apache-2.0
import { MAX_RESULTS } from '../../src/model/told'
import { enlarge, release } from '../memory'
import { PendingCall } from './pending'

const FIRST: u32 = 4

/** Ended calls that are remembered for the request that gets their results. */
const MAX_WAITING: u32 = MAX_RESULTS

@unmanaged
class WaitingCall {
  /** When the result is there. */
  overMs: f64
  call: PendingCall
}

/** Calls that ended and whose results no request has got yet, in order of their ends. */
@unmanaged
export class WaitingCalls {
  calls: usize
  capacity: u32
  count: u32

  @inline
  at(index: u32): WaitingCall {
    return changetype<WaitingCall>(this.calls + index * offsetof<WaitingCall>())
  }

  /** @returns The call that is remembered no longer, if there are too many. */
  add(call: PendingCall): PendingCall | null {
    let forgotten: PendingCall | null = null
    if (this.count === MAX_WAITING) {
      forgotten = this.at(0).call
      this.count--
      memory.copy(this.calls, this.calls + offsetof<WaitingCall>(), this.count * offsetof<WaitingCall>())
    }
    if (this.count === this.capacity) this.grow()
    const place = this.at(this.count++)
    // Both clocks count whole milliseconds, so an end within the millisecond of a start counts as before.
    place.overMs = max(call.startMs, Math.floor(call.endMs))
    place.call = call
    return forgotten
  }

  /** Gives back the memory of places that are free. */
  rest(): void {
    if (this.count > 0 || this.capacity === 0) return
    release(this.calls, this.capacity * offsetof<WaitingCall>())
    this.calls = 0
    this.capacity = 0
  }

  grow(): void {
    const capacity = max(FIRST, this.capacity * 2)
    this.calls = enlarge(this.calls, this.capacity * offsetof<WaitingCall>(), capacity * offsetof<WaitingCall>())
    this.capacity = capacity
  }
}
