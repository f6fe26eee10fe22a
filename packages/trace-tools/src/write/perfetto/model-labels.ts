// SPDX-License-Identifier: Apache-2.0
import { requestText, TEXT_COLUMNS } from '../../read/columns.ts'
import { textOf, type RowReference } from '../../read/row-batch.ts'
import { category } from '../labels.ts'
import { EventLabels } from './event-labels.ts'
import type { EventMemory } from './event-memory.ts'
import type { Fields } from './event-module.ts'
import type { StringNumbers } from './string-numbers.ts'

/** Length and last byte tell the models of a trace apart, as a rule. */
const SLOTS = 64

interface RecentModel {
  readonly utf8: Uint8Array
  readonly label: Fields
}

/** Labels of requests by their model, found by the bytes of its name: as a rule it need not be decoded. */
export class ModelLabels {
  readonly #labels: EventLabels
  readonly #recent: (RecentModel | undefined)[] = Array.from({ length: SLOTS })

  constructor(memory: EventMemory, strings: StringNumbers) {
    this.#labels = new EventLabels(memory, strings, {
      prefix: 'LLM request: ',
      category: category.request,
      annotation: 'model',
    })
  }

  of({ batch, row }: RowReference): Fields {
    const place = (row * TEXT_COLUMNS + requestText.model) * 2
    const start = batch.texts[place] ?? 0
    const end = start + (start === 0 ? 0 : (batch.texts[place + 1] ?? 0))
    const slot = (end - start + (batch.bytes[end - 1] ?? 0)) % SLOTS
    const recent = this.#recent[slot]
    if (recent?.utf8.length === end - start && standsAt(batch.bytes, start, recent.utf8)) return recent.label
    const label = this.#labels.of(textOf({ batch, row }, requestText.model) ?? '', 'unknown-model')
    if (!this.#labels.isFull) this.#recent[slot] = { utf8: Uint8Array.from(batch.bytes.subarray(start, end)), label }
    return label
  }
}

function standsAt(bytes: Uint8Array, start: number, utf8: Uint8Array): boolean {
  for (let index = 0; index < utf8.length; index++) if (bytes[start + index] !== utf8[index]) return false
  return true
}
