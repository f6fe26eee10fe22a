// SPDX-License-Identifier: Apache-2.0
import { category, FIRST_TOKEN, SESSION_END } from '../labels.ts'
import { annotationKey, putString, putStringId, type AnnotationKey } from './annotation.ts'
import { Piece } from './piece.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { trackEvent } from './schema.ts'
import { categories, eventNames } from './static-strings.ts'
import type { StringNumbers } from './string-numbers.ts'

/** Names and categories of events as they stand in the file, ready to be appended to the event. */
export const staticLabels = {
  prefillWait: encodeStatic('prefill wait', category.stage),
  prefill: encodeStatic('prefill', category.stage),
  decode: encodeStatic('decode', category.stage),
  firstToken: encodeStatic(FIRST_TOKEN, category.marker),
  sessionEnd: encodeStatic(SESSION_END, category.session),
  spawn: encodeStatic('spawn', category.flow),
} as const

function encodeStatic(name: string, categoryName: string): Piece {
  const buffer = new ProtoBuffer(16)
  buffer.varint(trackEvent.nameIid, eventNames.idOf(name))
  buffer.varint(trackEvent.categoryIids, categories.idOf(categoryName))
  return new Piece(buffer.take())
}

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
  readonly #strings: StringNumbers
  readonly #prefix: string
  readonly #categoryId: number
  readonly #annotation: AnnotationKey
  readonly #known = new Map<string, Piece>()

  constructor(strings: StringNumbers, { prefix, category: name, annotation }: LabelOptions) {
    this.#strings = strings
    this.#prefix = prefix
    this.#categoryId = categories.idOf(name)
    this.#annotation = annotationKey(annotation)
  }

  /** @param unknown What to call a subject that is empty; it gets no annotation. */
  of(subject: string, unknown = ''): Piece {
    const known = this.#known.get(subject)
    if (known !== undefined) return known
    const isFull = this.#known.size >= MAX_LABELS
    const name = this.#prefix + (subject || unknown)
    const buffer = new ProtoBuffer(64)
    buffer.varint(trackEvent.categoryIids, this.#categoryId)
    if (isFull) buffer.text(trackEvent.name, name)
    else buffer.varint(trackEvent.nameIid, this.#strings.addName(name))
    if (subject !== '' && isFull) putString(buffer, this.#annotation, subject)
    else if (subject !== '') putStringId(buffer, this.#annotation, this.#strings.value(subject))
    const encoded = new Piece(buffer.take())
    if (!isFull) this.#known.set(subject, encoded)
    return encoded
  }
}
