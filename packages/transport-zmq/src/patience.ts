// SPDX-License-Identifier: Apache-2.0

/** While a receiver takes events, delivery may go on for this long beyond the linger: some 100,000 events. */
const MAX_DELIVERY_MS = 5000

/**
 * How long a caller who waits still waits: `lingerMs` from the start or from
 * the last progress, so that a burst on its way to a live receiver is not cut
 * in the middle, and a dead receiver costs `lingerMs` once.
 */
export class Patience {
  readonly #lingerMs: number
  readonly #endMs: number
  #progressAtMs: number

  /** @param startedAtMs On the clock of `performance.now`. */
  constructor(lingerMs: number, startedAtMs = performance.now()) {
    this.#lingerMs = lingerMs
    this.#progressAtMs = startedAtMs
    this.#endMs = startedAtMs + lingerMs + MAX_DELIVERY_MS
  }

  get remainingMs(): number {
    return Math.max(0, Math.min(this.#progressAtMs + this.#lingerMs, this.#endMs) - performance.now())
  }

  noteProgress(): void {
    this.#progressAtMs = performance.now()
  }
}
