// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts'
import type { Ids } from './ids.ts'
import type { Random } from './random.ts'
import type { RowFormat } from './rows.ts'
import type { Cluster } from './serving.ts'
import type { Shape } from './shapes.ts'
import type { Sink } from './sink.ts'
import type { TruthTaker } from './truth.ts'

/** What all that happens in a trace has to do with. */
export interface Simulation {
  readonly random: Random
  readonly ids: Ids
  readonly clock: Clock
  readonly shape: Shape
  readonly cluster: Cluster
  readonly format: RowFormat
  readonly sink: Sink
  readonly truth: TruthTaker
  readonly budget: RowBudget
}

/**
 * Rows that the trace may still get. Whatever is begun has its rows put aside
 * before, so a trace ends with its last promise kept and has the very number
 * of rows that was asked for.
 */
export class RowBudget {
  #left: number

  constructor(rows: number) {
    this.#left = rows
  }

  /** @returns Whether that many rows were left; if not, none is taken. */
  take(rows: number): boolean {
    if (rows > this.#left) return false
    this.#left -= rows
    return true
  }
}

export const MILLISECOND_NS = 1e6

/** The first whole millisecond from then on: harnesses and frontends read their clocks in those. */
export function wholeMs(timeNs: number): number {
  return Math.ceil(timeNs / MILLISECOND_NS) * MILLISECOND_NS
}
