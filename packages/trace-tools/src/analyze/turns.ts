// SPDX-License-Identifier: Apache-2.0

/** What the next request of a trajectory is compared with. */
export class Turn {
  /** NaN where there was none yet. */
  endMs = Number.NaN
  inputTokens = Number.NaN
  outputTokens = Number.NaN
  blockSize = Number.NaN
  /** A hash of the workers that served it; 0 where the row does not say. */
  workers = 0
  /** Where its block hashes are remembered, and how long they are. */
  hashes = -1
  hashLength = 0
}

/** Numbers of one turn: they share a line of the processor's cache, which the objects of thousands of trajectories do not. */
const COLUMNS = 8

/** The last turn of each trajectory, by the trajectory's index. */
export class LastTurns {
  #values = new Float64Array(64 * COLUMNS).fill(Number.NaN)

  read(index: number, into: Turn): void {
    const values = this.#values
    const at = index * COLUMNS
    into.endMs = values[at] ?? Number.NaN
    into.inputTokens = values[at + 1] ?? Number.NaN
    into.outputTokens = values[at + 2] ?? Number.NaN
    into.blockSize = values[at + 3] ?? Number.NaN
    into.workers = values[at + 4] ?? 0
    into.hashes = values[at + 5] ?? -1
    into.hashLength = values[at + 6] ?? 0
  }

  write(index: number, turn: Turn): void {
    const at = index * COLUMNS
    if (at >= this.#values.length) this.#grow(at + COLUMNS)
    const values = this.#values
    values[at] = turn.endMs
    values[at + 1] = turn.inputTokens
    values[at + 2] = turn.outputTokens
    values[at + 3] = turn.blockSize
    values[at + 4] = turn.workers
    values[at + 5] = turn.hashes
    values[at + 6] = turn.hashLength
  }

  #grow(atLeast: number): void {
    const larger = new Float64Array(Math.max(atLeast, this.#values.length * 2)).fill(Number.NaN)
    larger.set(this.#values)
    this.#values = larger
  }
}
