// SPDX-License-Identifier: Apache-2.0
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../../read/columns.ts'
import { emptyBatch, type RowBatch, type RowDetails } from '../../../read/row-batch.ts'
import type { DetailsEncoder } from '../../timeline-format.ts'
import type { TimelineOptions } from '../../timeline-options.ts'
import { createDetailsWasm, type DetailsWasm } from './details-wasm.ts'

/** An instance keeps the memory that it once needed; a batch that is larger gets one of its own. */
const KEPT_BYTES = 8 * 1024 * 1024

/** Batches are of different sizes, so the next one may need some more than this one. */
const HEADROOM = 1.25

/**
 * Makes the encoder of what single rows say: debug annotations, ready to be
 * put into an event. The rows are encoded by assembly/details.
 */
export function createDetailsEncoder({ args = 'full' }: TimelineOptions): DetailsEncoder {
  let current = emptyBatch
  const create = (): DetailsWasm => createDetailsWasm(args, () => current)
  const kept = create()
  return (batch, spare) => {
    current = batch
    const wasm = batch.bytes.length <= KEPT_BYTES ? kept : create()
    give(wasm, batch)
    wasm.encode(batch.count)
    current = emptyBatch
    return take(wasm, batch.count, spare)
  }
}

function give(wasm: DetailsWasm, { count, bytes, kinds, flags, numbers, texts, finishShapes }: RowBatch): void {
  wasm.reserveRows(bytes.length, count)
  const { buffer } = wasm.memory
  const memory = new Uint8Array(buffer)
  memory.set(bytes, wasm.bytesAt.value)
  memory.set(kinds.subarray(0, count), wasm.kindsAt.value)
  memory.set(flags.subarray(0, count), wasm.flagsAt.value)
  new Float64Array(buffer, wasm.numbersAt.value).set(numbers.subarray(0, count * NUMBER_COLUMNS))
  new Uint32Array(buffer, wasm.textsAt.value).set(texts.subarray(0, count * TEXT_COLUMNS * 2))
  new Uint16Array(buffer, wasm.shapesAt.value).set(finishShapes.subarray(0, count))
}

function take(wasm: DetailsWasm, count: number, spare: RowDetails | undefined): RowDetails {
  const length = wasm.outputBytes()
  const { buffer } = wasm.memory
  const bytes = spare && spare.bytes.length >= length ? spare.bytes : new Uint8Array(Math.ceil(length * HEADROOM))
  const ends = spare && spare.ends.length >= count ? spare.ends : new Uint32Array(Math.ceil(count * HEADROOM))
  bytes.set(new Uint8Array(buffer, wasm.outputAt.value, length))
  ends.set(new Uint32Array(buffer, wasm.endsAt.value, count))
  const labels = spare?.labels && spare.labels.length >= count * 2 ? spare.labels : new Int32Array(Math.ceil(count * HEADROOM) * 2)
  labels.set(new Int32Array(buffer, wasm.labelsAt.value, count * 2))
  return { bytes, ends, labels }
}
