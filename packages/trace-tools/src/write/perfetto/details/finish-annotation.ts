// SPDX-License-Identifier: Apache-2.0
import { requestText } from '../../../read/columns.ts'
import { textOf, type RowReference } from '../../../read/row-batch.ts'
import { createFinishReader, type FinishFields } from '../../finish-fields.ts'
import { annotationKey, beginAnnotation, putFlag, putInteger, putString, putStringId } from '../annotation.ts'
import { Piece } from '../piece.ts'
import { ProtoBuffer } from '../proto-buffer.ts'
import { annotationValues } from '../static-strings.ts'

/** Encodes `finish_reason_metadata` as an annotation that is a dictionary: once for all texts of one shape. */
export class FinishAnnotations {
  readonly #encode = createFinishReader(encodeFinish)
  readonly #known: (Piece | undefined)[] = []

  of(row: RowReference): Piece {
    const shape = row.batch.finishShapes[row.row] ?? 0
    const known = this.#known[shape]
    if (known !== undefined) return known
    const piece = this.#encode(textOf(row, requestText.finish) ?? '{}')
    if (shape !== 0) this.#known[shape] = piece
    return piece
  }
}

const finish = annotationKey('finish')

function encodeFinish(fields: FinishFields): Piece {
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
  return new Piece(annotation.take())
}
