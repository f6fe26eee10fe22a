// SPDX-License-Identifier: Apache-2.0
import { annotationKey, putString, putStringId, type AnnotationKey } from './annotation.ts'
import type { EventMemory } from './event-memory.ts'
import type { Fields } from './event-module.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { trackEvent } from './schema.ts'
import { categories } from './static-strings.ts'
import type { StringNumbers } from './string-numbers.ts'

/** A trace with more models or tools than this is damaged: the rest of them are written out each time. */
const MAX_LABELS = 1 << 14

export interface LabelOptions {
  readonly prefix: string
  readonly category: string
  /** Name of the annotation that says what the event is about. */
  readonly annotation: string
}

/**
 * Labels of events by what they are about, such as a model, and with the label
 * the annotation that says so: among millions of events there are a few.
 */
export class EventLabels {
  readonly #memory: EventMemory
  readonly #strings: StringNumbers
  readonly #prefix: string
  readonly #categoryId: number
  readonly #annotation: AnnotationKey
  readonly #known = new Map<string, Fields>()

  constructor(memory: EventMemory, strings: StringNumbers, { prefix, category: name, annotation }: LabelOptions) {
    this.#memory = memory
    this.#strings = strings
    this.#prefix = prefix
    this.#categoryId = categories.idOf(name)
    this.#annotation = annotationKey(annotation)
  }

  /** No more labels are kept: those that are made now are lent. */
  get isFull(): boolean {
    return this.#known.size >= MAX_LABELS
  }

  /** @param unknown What to call a subject that is empty; it gets no annotation. */
  of(subject: string, unknown = ''): Fields {
    const known = this.#known.get(subject)
    if (known !== undefined) return known
    const { isFull } = this
    const name = this.#prefix + (subject || unknown)
    const fields = new ProtoBuffer(64)
    fields.varint(trackEvent.categoryIids, this.#categoryId)
    if (isFull) fields.text(trackEvent.name, name)
    else fields.varint(trackEvent.nameIid, this.#strings.addName(name))
    if (subject !== '' && isFull) putString(fields, this.#annotation, subject)
    else if (subject !== '') putStringId(fields, this.#annotation, this.#strings.value(subject))
    if (isFull) return this.#memory.lendFields(fields)
    const label = this.#memory.keep(fields)
    this.#known.set(subject, label)
    return label
  }
}
