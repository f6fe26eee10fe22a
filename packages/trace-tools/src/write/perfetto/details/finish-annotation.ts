// SPDX-License-Identifier: Apache-2.0
import { createFinishReader, type FinishFields } from '../../finish-fields.ts'
import { annotationKey, beginAnnotation, putFlag, putInteger, putString, putStringId } from '../annotation.ts'
import { ProtoBuffer } from '../proto-buffer.ts'
import { annotationValues } from '../static-strings.ts'

/** Makes the function that encodes `finish_reason_metadata` as an annotation that is a dictionary: once for all texts of one shape. */
export function createFinishEncoder(): (finishJson: string) => Uint8Array {
  return createFinishReader(encodeFinish)
}

const finish = annotationKey('finish')

function encodeFinish(fields: FinishFields): Uint8Array {
  const entries = new ProtoBuffer(256)
  for (const [name, value] of fields) {
    const key = annotationKey(name, 'dictionary')
    if (typeof value === 'number') putInteger(entries, key, value)
    else if (typeof value === 'boolean') putFlag(entries, key, value)
    else if (annotationValues.has(value)) putStringId(entries, key, annotationValues.idOf(value))
    else putString(entries, key, value)
  }
  const annotation = new ProtoBuffer(256)
  if (entries.length > 0) {
    beginAnnotation(annotation, finish, entries.length)
    annotation.appendBytes(entries.take())
  }
  return annotation.take()
}
