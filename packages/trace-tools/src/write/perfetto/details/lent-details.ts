// SPDX-License-Identifier: Apache-2.0
import type { SettledSpans } from '../../../model/model-sink.ts'
import { behind, hasRow } from '../../../model/span-places.ts'
import * as told from '../../../model/told.ts'
import { detailsStart, type RowDetails } from '../../../read/row-batch.ts'
import type { EventMemory } from '../event-memory.ts'
import type { Extras } from '../extras.ts'
import * as extra from '../span-extras.ts'

/** Details of a batch are lent as a whole where at least this part of its rows is drawn: each copy costs as much as some rows. */
const WORTH_WHOLE = 1 / 4

/** Lends the module what the encoder made of rows. */
export class LentDetails {
  readonly #memory: EventMemory
  /** By slot: how many of its rows are drawn. */
  readonly #rows = new Map<number, number>()
  /** By slot: where the details of the batch stand; 0 where they are lent row by row. */
  readonly #whole = new Map<number, number>()

  constructor(memory: EventMemory) {
    this.#memory = memory
  }

  /** Lends what the spans have in common. */
  begin(spans: SettledSpans): void {
    const { values } = spans
    const rows = this.#rows
    rows.clear()
    this.#whole.clear()
    for (let place = 0; place < values.length; place = behind(values, place)) {
      if (!hasRow(values, place)) continue
      const slot = values[place + told.SLOT] ?? 0
      rows.set(slot, (rows.get(slot) ?? 0) + 1)
    }
    for (const [slot, count] of rows) this.#whole.set(slot, this.#lendWhole(spans, slot, count))
  }

  /** Adds where the details of a span stand that has a row; see span-extras.ts. */
  add(spans: SettledSpans, place: number, extras: Extras): void {
    const { values } = spans
    if (!hasRow(values, place)) return
    const slot = values[place + told.SLOT] ?? 0
    const row = values[place + told.ROW] ?? 0
    const { details } = spans.batchAt(slot)
    if (details === undefined) return
    const start = detailsStart(details, row)
    const end = details.ends[row] ?? 0
    const whole = this.#whole.get(slot) ?? 0
    extras.set(extra.DETAILS, whole === 0 ? this.#memory.lend(details.bytes.subarray(start, end)) : whole + start)
    extras.set(extra.DETAILS_BYTES, end - start)
  }

  #lendWhole(spans: SettledSpans, slot: number, rows: number): number {
    const { details, count } = spans.batchAt(slot)
    if (details === undefined || rows < count * WORTH_WHOLE) return 0
    return this.#memory.lend(bytesOf(details, count))
  }
}

function bytesOf({ bytes, ends }: RowDetails, count: number): Uint8Array {
  return bytes.subarray(0, ends[count - 1] ?? 0)
}
