// SPDX-License-Identifier: Apache-2.0
import { requestNumber, requestText, rowFlag, rowKind } from '../../../read/columns.ts'
import { hasText, type RowBatch } from '../../../read/row-batch.ts'
import { requestFields, toolFields, type RowField } from '../../row-fields.ts'
import type { DetailsEncoder } from '../../timeline-format.ts'
import type { TimelineOptions } from '../../timeline-options.ts'
import { annotationKey, putFlag, putStringId } from '../annotation.ts'
import { ProtoBuffer } from '../proto-buffer.ts'
import { debugAnnotation, trackEvent } from '../schema.ts'
import { annotationNames, annotationValues } from '../static-strings.ts'
import { FinishAnnotations } from './finish-annotation.ts'
import { RowAnnotations } from './row-annotations.ts'

const replayFields: readonly RowField[] = [
  { name: 'trace_block_size', type: 'integer', column: requestNumber.replayBlockSize },
  { name: 'input_length', type: 'integer', column: requestNumber.replayInputTokens },
]

/** A row takes about as many bytes; a batch that takes more makes the buffer grow. */
const ROW_BYTES = 256

const eventSource = annotationKey('event_source')
const sessionFinal = annotationKey('session_final')
const fromDynamo = annotationValues.idOf('dynamo')
const fromHarness = annotationValues.idOf('harness')

/**
 * Makes the encoder of what single rows say: debug annotations, ready to be
 * put into an event. What a slice says of its trajectory, its model or the
 * class of its tool is not among them: the writer names those by number.
 */
export function createDetailsEncoder({ args = 'full' }: TimelineOptions): DetailsEncoder {
  const encodeRequest = createRequestEncoder(args)
  const encodeTool = createToolEncoder(args)
  return (batch, spare) => {
    const { count, kinds } = batch
    const buffer = new ProtoBuffer(spare?.bytes ?? count * ROW_BYTES)
    const ends = spare && spare.ends.length >= count ? spare.ends : new Uint32Array(count)
    for (let row = 0; row < count; row++) {
      if (kinds[row] === rowKind.request) encodeRequest(buffer, batch, row)
      else if (kinds[row] !== 0) encodeTool(buffer, batch, row)
      ends[row] = buffer.length
    }
    return { bytes: buffer.bytes, ends }
  }
}

/** Writes what a row says; nothing that it does not say. */
type RowEncoder = (buffer: ProtoBuffer, batch: RowBatch, row: number) => void

function createRequestEncoder(args: 'minimal' | 'full'): RowEncoder {
  const fields = requestFields.filter((field) => isTold(field, args) && field.name !== 'model')
  const own = new RowAnnotations(fields.filter(({ group }) => group === undefined))
  const worker = createDictionaryEncoder(
    'worker',
    fields.filter(({ group }) => group === 'worker'),
  )
  const replay = createDictionaryEncoder('replay', replayFields)
  const finish = new FinishAnnotations()
  return (buffer, batch, row) => {
    own.write(buffer, batch, row)
    worker(buffer, batch, row)
    if (args === 'minimal') return
    putFlags(buffer, batch, row)
    replay(buffer, batch, row)
    const reference = { batch, row }
    if (hasText(reference, requestText.finish)) buffer.appendPiece(finish.of(reference))
  }
}

function createToolEncoder(args: 'minimal' | 'full'): RowEncoder {
  const fields = toolFields.filter((field) => isTold(field, args) && field.name !== 'tool_class')
  const own = new RowAnnotations(fields)
  return (buffer, batch, row) => {
    own.write(buffer, batch, row)
    if (args === 'full') putFlags(buffer, batch, row)
  }
}

function isTold({ minimal }: RowField, args: 'minimal' | 'full'): boolean {
  return args === 'full' || minimal === true
}

function createDictionaryEncoder(name: string, fields: readonly RowField[]): RowEncoder {
  const entries = new RowAnnotations(fields, 'dictionary')
  return (buffer, batch, row) => {
    const start = buffer.length
    buffer.open(trackEvent.debugAnnotations)
    buffer.varint(debugAnnotation.nameIid, annotationNames.idOf(name))
    const empty = buffer.length
    entries.write(buffer, batch, row)
    const isEmpty = buffer.length === empty
    buffer.close()
    if (isEmpty) buffer.cutTo(start)
  }
}

function putFlags(buffer: ProtoBuffer, { flags }: RowBatch, row: number): void {
  const bits = flags[row] ?? 0
  if (bits & rowFlag.fromDynamo) putStringId(buffer, eventSource, fromDynamo)
  if (bits & rowFlag.fromHarness) putStringId(buffer, eventSource, fromHarness)
  if (bits & rowFlag.hasSessionFinal) putFlag(buffer, sessionFinal, (bits & rowFlag.sessionFinal) !== 0)
}
