// SPDX-License-Identifier: Apache-2.0
import { varintSize, type ProtoBuffer } from './proto-buffer.ts'
import { debugAnnotation, trackEvent } from './schema.ts'
import { annotationNames } from './static-strings.ts'

/**
 * What an annotation is called, and where it stands: in an event, or in a
 * dictionary, which takes another field. Tag and number take one byte each.
 */
export interface AnnotationKey {
  readonly tag: number
  readonly nameId: number
}

/** Annotations are half of a file, so they are not put together field by field: the tags as they stand there. */
const tag = {
  nameId: debugAnnotation.nameIid << 3,
  flag: debugAnnotation.boolValue << 3,
  integer: debugAnnotation.intValue << 3,
  double: (debugAnnotation.doubleValue << 3) | 1,
  text: (debugAnnotation.stringValue << 3) | 2,
  /** The one that takes two bytes. */
  stringId: [((debugAnnotation.stringValueIid << 3) & 0x7f) | 0x80, debugAnnotation.stringValueIid >> 4],
} as const

/** Bytes of the number of the name. */
const NAME_BYTES = 2

export function annotationKey(name: string, place: 'event' | 'dictionary' = 'event'): AnnotationKey {
  const field = place === 'event' ? trackEvent.debugAnnotations : debugAnnotation.dictEntries
  return { tag: (field << 3) | 2, nameId: annotationNames.idOf(name) }
}

/** @param size Bytes of the value, which the caller writes next. */
export function beginAnnotation(buffer: ProtoBuffer, key: AnnotationKey, size: number): void {
  const length = NAME_BYTES + size
  const lengthBytes = varintSize(length)
  const at = buffer.claim(1 + lengthBytes + NAME_BYTES)
  const { bytes } = buffer
  bytes[at] = key.tag
  buffer.setVarint(at + 1, length)
  bytes[at + 1 + lengthBytes] = tag.nameId
  bytes[at + 2 + lengthBytes] = key.nameId
}

/**
 * Claims a whole annotation, all but the value, which takes few bytes.
 *
 * @returns Where the value is to be put.
 */
function claimAnnotation(buffer: ProtoBuffer, key: AnnotationKey, size: number): number {
  const at = buffer.claim(4 + size)
  const { bytes } = buffer
  bytes[at] = key.tag
  bytes[at + 1] = NAME_BYTES + size
  bytes[at + 2] = tag.nameId
  bytes[at + 3] = key.nameId
  return at + 4
}

/** Rows are read loosely, so a count may come with a fraction. */
export function putInteger(buffer: ProtoBuffer, key: AnnotationKey, value: number): void {
  if (value < 0 || !Number.isSafeInteger(value)) {
    putReal(buffer, key, value)
    return
  }
  const at = claimAnnotation(buffer, key, 1 + varintSize(value))
  buffer.bytes[at] = tag.integer
  buffer.setVarint(at + 1, value)
}

export function putReal(buffer: ProtoBuffer, key: AnnotationKey, value: number): void {
  const at = claimAnnotation(buffer, key, 9)
  buffer.bytes[at] = tag.double
  buffer.setDouble(at + 1, value)
}

export function putFlag(buffer: ProtoBuffer, key: AnnotationKey, value: boolean): void {
  const at = claimAnnotation(buffer, key, 2)
  buffer.bytes[at] = tag.flag
  buffer.bytes[at + 1] = value ? 1 : 0
}

/** @param stringId Number of a string that is written elsewhere. */
export function putStringId(buffer: ProtoBuffer, key: AnnotationKey, stringId: number): void {
  const at = claimAnnotation(buffer, key, 2 + varintSize(stringId))
  buffer.bytes[at] = tag.stringId[0]
  buffer.bytes[at + 1] = tag.stringId[1]
  buffer.setVarint(at + 2, stringId)
}

/** @param size Bytes of the text, which the caller appends next. */
export function beginText(buffer: ProtoBuffer, key: AnnotationKey, size: number): void {
  const sizeBytes = varintSize(size)
  beginAnnotation(buffer, key, 1 + sizeBytes + size)
  const at = buffer.claim(1 + sizeBytes)
  buffer.bytes[at] = tag.text
  buffer.setVarint(at + 1, size)
}

export function putString(buffer: ProtoBuffer, key: AnnotationKey, text: string): void {
  const start = buffer.length
  beginText(buffer, key, text.length)
  if (!buffer.appendAscii(text)) {
    const utf8 = Buffer.from(text)
    buffer.cutTo(start)
    beginText(buffer, key, utf8.length)
    buffer.appendBytes(utf8)
  }
}
