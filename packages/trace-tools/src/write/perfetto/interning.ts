// SPDX-License-Identifier: Apache-2.0
import type { ProtoBuffer } from './proto-buffer.ts'
import { internedData, internedString, tracePacket } from './schema.ts'

/** Strings that are written once and then named by number. */
export interface Interning {
  category(text: string): number
  name(text: string): number
  annotationName(text: string): number
  annotationValue(text: string): number
  /**
   * Writes the strings that are new since the last call, if any. They must
   * stand in the packet that first uses them; where in it does not matter.
   */
  flush(): void
}

export function createInterning(buffer: ProtoBuffer): Interning {
  let fresh: { readonly field: number; readonly id: number; readonly text: string }[] = []

  const intern = (field: number) => {
    const table = new Map<string, number>()
    return (text: string): number => {
      let id = table.get(text)
      if (id === undefined) {
        id = table.size + 1
        table.set(text, id)
        fresh.push({ field, id, text })
      }
      return id
    }
  }

  return {
    category: intern(internedData.eventCategories),
    name: intern(internedData.eventNames),
    annotationName: intern(internedData.debugAnnotationNames),
    annotationValue: intern(internedData.debugAnnotationStringValues),
    flush() {
      if (fresh.length === 0) return
      buffer.open(tracePacket.internedData)
      for (const { field, id, text } of fresh) {
        buffer.open(field)
        buffer.varint(internedString.iid, id)
        buffer.text(internedString.text, text)
        buffer.close()
      }
      buffer.close()
      fresh = []
    },
  }
}
