// SPDX-License-Identifier: Apache-2.0
import { none, type PendingCall } from './pending.ts'

/** Ended calls that are remembered for the request that gets their results. */
const MAX_WAITING = 1024

/** Calls that ended and whose results no request has got yet, in order of their ends. Places are used again. */
export class WaitingCalls {
  readonly #calls: PendingCall[] = []
  #count = 0

  /** @returns The call that is remembered no longer, if there are too many. */
  add(call: PendingCall): PendingCall | undefined {
    const forgotten = this.#count === MAX_WAITING ? this.#calls.shift() : undefined
    if (forgotten !== undefined) this.#count--
    this.#calls[this.#count++] = call
    return forgotten
  }

  /** Takes out those for which it is true. */
  take(isTaken: (call: PendingCall) => boolean): readonly PendingCall[] {
    if (this.#count === 0) return none
    const taken: PendingCall[] = []
    let kept = 0
    for (let at = 0; at < this.#count; at++) {
      const call = this.#calls[at]
      if (call === undefined) continue
      if (isTaken(call)) taken.push(call)
      else this.#calls[kept++] = call
    }
    this.#count = kept
    return taken
  }

  /** Gives back the memory of places that are free. */
  rest(): void {
    this.#calls.length = this.#count
  }

  /** Up to `limit` of the latest. */
  latest(limit: number): readonly PendingCall[] {
    return this.#calls.slice(Math.max(0, this.#count - limit), this.#count)
  }
}
