// SPDX-License-Identifier: Apache-2.0
import type { Field, FieldGroup, FieldType, FieldValue } from '../record-fields.ts'
import type { Interning } from './interning.ts'
import type { ProtoBuffer } from './proto-buffer.ts'
import { debugAnnotation, trackEvent } from './schema.ts'

/** Writes facts as the debug annotations of the open event. A group with a name becomes a dictionary. */
export interface AnnotationWriter {
  write<Source>(groups: readonly FieldGroup<Source>[], source: Source): void
}

export function createAnnotationWriter(buffer: ProtoBuffer, interning: Interning): AnnotationWriter {
  function writeFields<Source>(within: number, fields: readonly Field<Source>[], source: Source): void {
    for (const { name, type, read } of fields) {
      const value = read(source)
      if (value === undefined) continue
      buffer.open(within)
      buffer.varint(debugAnnotation.nameIid, interning.annotationName(name))
      writeValue(type, value)
      buffer.close()
    }
  }

  function writeValue(type: FieldType, value: FieldValue): void {
    if (typeof value === 'boolean') {
      buffer.varint(debugAnnotation.boolValue, value ? 1 : 0)
    } else if (typeof value === 'bigint') {
      buffer.varint64(debugAnnotation.uintValue, value)
    } else if (typeof value === 'number') {
      writeNumber(type, value)
    } else if (type === 'id') {
      buffer.text(debugAnnotation.stringValue, value)
    } else {
      buffer.varint(debugAnnotation.stringValueIid, interning.annotationValue(value))
    }
  }

  /** Rows are read loosely, so a count may come with a fraction. */
  function writeNumber(type: FieldType, value: number): void {
    if (type === 'real' || !Number.isSafeInteger(value)) buffer.double(debugAnnotation.doubleValue, value)
    else buffer.varint64(debugAnnotation.intValue, BigInt(value))
  }

  return {
    write(groups, source) {
      for (const { name, fields } of groups) {
        if (name === undefined) {
          writeFields(trackEvent.debugAnnotations, fields, source)
        } else if (fields.some(({ read }) => read(source) !== undefined)) {
          buffer.open(trackEvent.debugAnnotations)
          buffer.varint(debugAnnotation.nameIid, interning.annotationName(name))
          writeFields(debugAnnotation.dictEntries, fields, source)
          buffer.close()
        }
      }
    },
  }
}
