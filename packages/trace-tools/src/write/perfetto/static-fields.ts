// SPDX-License-Identifier: Apache-2.0
import { annotationKey, putFlag, putStringId } from './annotation.ts'
import type { EventMemory } from './event-memory.ts'
import type { Fields } from './event-module.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { trackEvent } from './schema.ts'
import { annotationValues, categories, eventNames } from './static-strings.ts'

/** Keeps a name and a category, ready to be put into events. */
export function keepLabel(memory: EventMemory, name: string, category: string): Fields {
  const fields = new ProtoBuffer(16)
  fields.varint(trackEvent.nameIid, eventNames.idOf(name))
  fields.varint(trackEvent.categoryIids, categories.idOf(category))
  return memory.keep(fields)
}

/** Keeps annotations, ready to be put into events. */
export function keepAnnotations(memory: EventMemory, annotations: Readonly<Record<string, string | true>>): Fields {
  const fields = new ProtoBuffer(16)
  for (const [name, value] of Object.entries(annotations)) {
    if (value === true) putFlag(fields, annotationKey(name), value)
    else putStringId(fields, annotationKey(name), annotationValues.idOf(value))
  }
  return memory.keep(fields)
}
