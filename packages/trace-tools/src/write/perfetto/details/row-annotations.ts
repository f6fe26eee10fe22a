// SPDX-License-Identifier: Apache-2.0
import { normalizeToolStatus } from '@dynamo-agent/core'
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../../read/columns.ts'
import type { RowBatch } from '../../../read/row-batch.ts'
import type { RowField } from '../../row-fields.ts'
import {
  annotationKey,
  beginAnnotation,
  beginText,
  putInteger,
  putReal,
  putStringId,
  type AnnotationKey,
} from '../annotation.ts'
import { viewOf } from '../piece.ts'
import type { ProtoBuffer } from '../proto-buffer.ts'
import { debugAnnotation } from '../schema.ts'
import { annotationValues } from '../static-strings.ts'
import { Decimal } from './decimal.ts'
import { KnownTexts } from './known-texts.ts'

interface Field extends Pick<RowField, 'type' | 'column'> {
  readonly key: AnnotationKey
  /** Texts to name by number: those that are a choice of a few words. */
  readonly known: KnownTexts | undefined
}

/** Every spelling that Dynamo takes, under the number of the one that it means. */
const statuses = new KnownTexts(
  ['running', 'ok', 'success', 'succeeded', 'failed', 'error', 'timeout', 'canceled', 'cancelled'].map((spelling) => [
    spelling,
    annotationValues.idOf(normalizeToolStatus(spelling) ?? spelling),
  ]),
)

const triggers = new KnownTexts(
  ['user_message', 'tool_result', 'other'].map((trigger) => [trigger, annotationValues.idOf(trigger)]),
)

const knownTexts = new Map([
  ['status', statuses],
  ['input_trigger', triggers],
])

/** Writes what rows say of some fields as debug annotations, or as entries of one that is a dictionary. */
export class RowAnnotations {
  readonly #fields: readonly Field[]
  readonly #decimal = new Decimal()
  /** The bytes of the batch at hand. */
  #bytes: Uint8Array = new Uint8Array()
  #view = viewOf(this.#bytes)

  constructor(fields: readonly RowField[], place: 'event' | 'dictionary' = 'event') {
    this.#fields = fields.map(({ name, type, column }) => ({
      type,
      column,
      key: annotationKey(name, place),
      known: knownTexts.get(name),
    }))
  }

  /** Writes the fields that the row has. */
  write(buffer: ProtoBuffer, batch: RowBatch, row: number): void {
    if (batch.bytes !== this.#bytes) {
      this.#bytes = batch.bytes
      this.#view = viewOf(batch.bytes)
    }
    for (const { type, column, key, known } of this.#fields) {
      if (type === 'integer' || type === 'real') {
        const value = batch.numbers[row * NUMBER_COLUMNS + column] ?? Number.NaN
        if (Number.isNaN(value)) continue
        if (type === 'real') putReal(buffer, key, value)
        else putInteger(buffer, key, value)
      } else {
        const place = (row * TEXT_COLUMNS + column) * 2
        const start = batch.texts[place] ?? 0
        if (start === 0) continue
        const length = batch.texts[place + 1] ?? 0
        const id = known?.find(batch.bytes, start, length) ?? 0
        if (id !== 0) {
          putStringId(buffer, key, id)
        } else if (type === 'u64' && this.#decimal.read(batch.bytes, start, length)) {
          beginAnnotation(buffer, key, 1 + this.#decimal.size)
          this.#decimal.write(buffer, debugAnnotation.uintValue)
        } else {
          beginText(buffer, key, length)
          buffer.append(this.#view, start, start + length)
        }
      }
    }
  }
}
