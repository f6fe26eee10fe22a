// SPDX-License-Identifier: Apache-2.0
import type { Packets } from './packets.ts'
import type { ProtoBuffer } from './proto-buffer.ts'
import { internedData, internedString, tracePacket } from './schema.ts'
import { annotationNames, annotationValues, categories, eventNames } from './static-strings.ts'

/** Gives strings numbers, and writes each of them once before anything names it. */
export class StringNumbers {
  readonly #packets: Packets
  #names = eventNames.texts.length
  /** Of annotations. There is one for each trajectory, so it grows with what the model keeps anyway. */
  readonly #values = new Map(annotationValues.texts.map((text) => [text, annotationValues.idOf(text)]))

  constructor(packets: Packets) {
    this.#packets = packets
  }

  /** The number of an event's name. The caller remembers it: the next time it gets another one. */
  addName(name: string): number {
    this.#write(internedData.eventNames, [++this.#names, name])
    return this.#names
  }

  /** The number of an annotation's value. */
  value(text: string): number {
    let number = this.#values.get(text)
    if (number === undefined) {
      number = this.#values.size + 1
      this.#values.set(text, number)
      this.#write(internedData.debugAnnotationStringValues, [number, text])
    }
    return number
  }

  #write(field: number, string: NumberedString): void {
    this.#packets.packet((buffer) => {
      buffer.open(tracePacket.internedData)
      writeString(buffer, field, string)
      buffer.close()
    })
  }
}

/** Writes into the open packet the strings that are the same in each file. */
export function writeStaticStrings(buffer: ProtoBuffer): void {
  buffer.open(tracePacket.internedData)
  for (const [field, { texts }] of [
    [internedData.eventCategories, categories],
    [internedData.eventNames, eventNames],
    [internedData.debugAnnotationNames, annotationNames],
    [internedData.debugAnnotationStringValues, annotationValues],
  ] as const) {
    for (const [index, text] of texts.entries()) writeString(buffer, field, [index + 1, text])
  }
  buffer.close()
}

type NumberedString = readonly [number: number, text: string]

function writeString(buffer: ProtoBuffer, field: number, [number, text]: NumberedString): void {
  buffer.open(field)
  buffer.varint(internedString.iid, number)
  buffer.text(internedString.text, text)
  buffer.close()
}
