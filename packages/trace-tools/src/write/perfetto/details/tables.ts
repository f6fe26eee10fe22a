// SPDX-License-Identifier: Apache-2.0
import { normalizeToolStatus } from '@dynamo-agent/core'
import { requestNumber } from '../../../read/columns.ts'
import { requestFields, toolFields, type RowField } from '../../row-fields.ts'
import { debugAnnotation, trackEvent } from '../schema.ts'
import { annotationNames, annotationValues } from '../static-strings.ts'

// The forms in which assembly/details/fields.ts reads lists.
const FIELD_BYTES = 8
const KNOWN_BYTES = 32
const KNOWN_TEXT = 8

const fieldTypes = { integer: 1, real: 2, text: 3, u64: 4 } as const

/** Places of known texts among the lists. */
const known: Readonly<Record<string, number>> = { status: 4, input_trigger: 5 }

const replayFields: readonly RowField[] = [
  { name: 'trace_block_size', type: 'integer', column: requestNumber.replayBlockSize },
  { name: 'input_length', type: 'integer', column: requestNumber.replayInputTokens },
]

/** Every spelling that Dynamo takes, under the number of the one that it means. */
const statuses = ['running', 'ok', 'success', 'succeeded', 'failed', 'error', 'timeout', 'canceled', 'cancelled'].map(
  (spelling) => [spelling, annotationValues.idOf(normalizeToolStatus(spelling) ?? spelling)] as const,
)

const triggers = ['user_message', 'tool_result', 'other'].map((trigger) => [trigger, annotationValues.idOf(trigger)] as const)

/**
 * What is told of requests, of their worker, of their replay, and of tool
 * calls; and texts that are named by number, because they are a choice of a
 * few words. What a slice says of its trajectory, its model or the class of its
 * tool is not among them: the writer names those by number.
 */
export function encodeLists(args: 'minimal' | 'full'): readonly Uint8Array[] {
  const isTold = ({ minimal }: RowField): boolean => args === 'full' || minimal === true
  const requests = requestFields.filter((field) => isTold(field) && field.name !== 'model')
  return [
    encodeFields(requests.filter(({ group }) => group === undefined), trackEvent.debugAnnotations),
    encodeFields(requests.filter(({ group }) => group === 'worker'), debugAnnotation.dictEntries),
    encodeFields(replayFields, debugAnnotation.dictEntries),
    encodeFields(toolFields.filter((field) => isTold(field) && field.name !== 'tool_class'), trackEvent.debugAnnotations),
    encodeKnown(statuses),
    encodeKnown(triggers),
  ]
}

/** @param annotation The field that an annotation is in what holds it. */
function encodeFields(fields: readonly RowField[], annotation: number): Uint8Array {
  const bytes = Buffer.alloc((1 + fields.length) * FIELD_BYTES)
  bytes.writeUInt32LE(fields.length)
  for (const [index, { name, type, column }] of fields.entries()) {
    const tag = (annotation << 3) | 2
    bytes.set([fieldTypes[type], column, tag, annotationNames.idOf(name), known[name] ?? 0], (1 + index) * FIELD_BYTES)
  }
  return bytes
}

function encodeKnown(texts: readonly (readonly [text: string, id: number])[]): Uint8Array {
  const bytes = Buffer.alloc((1 + texts.length) * KNOWN_BYTES)
  bytes.writeUInt32LE(texts.length)
  for (const [index, [text, id]] of texts.entries()) {
    const at = (1 + index) * KNOWN_BYTES
    bytes.set([text.length, id], at)
    bytes.write(text, at + KNOWN_TEXT)
  }
  return bytes
}
