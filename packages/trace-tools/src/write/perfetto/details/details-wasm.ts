// SPDX-License-Identifier: Apache-2.0
import { requestText } from '../../../read/columns.ts'
import { textOf, type RowBatch } from '../../../read/row-batch.ts'
import { loadWasm, type WasmGlobal, type WasmMemory } from '../../../wasm/load-wasm.ts'
import { annotationNames, annotationValues } from '../static-strings.ts'
import { createFinishEncoder } from './finish-annotation.ts'
import { encodeLists } from './tables.ts'

/** What assembly/details.ts exports. Addresses are in its memory. */
export interface DetailsWasm {
  readonly memory: WasmMemory
  /** Makes room for a batch, whose parts are then put where the following say. */
  reserveRows(bytes: number, rows: number): void
  readonly bytesAt: WasmGlobal
  readonly kindsAt: WasmGlobal
  readonly flagsAt: WasmGlobal
  readonly numbersAt: WasmGlobal
  readonly textsAt: WasmGlobal
  readonly shapesAt: WasmGlobal
  encode(rows: number): void
  outputBytes(): number
  readonly outputAt: WasmGlobal
  readonly endsAt: WasmGlobal
  readonly labelsAt: WasmGlobal
}

interface SetUp {
  allocate(bytes: number): number
  setList(index: number, at: number): void
  setNames(full: number, worker: number, replay: number, source: number, final: number, dynamo: number, harness: number): void
  keepPiece(shape: number, size: number): number
}

/** Bytes of a piece's size. */
const PIECE_HEAD = 4

/** Makes an encoder with a memory of its own, which grows with the largest batch. */
export function createDetailsWasm(args: 'minimal' | 'full', batch: () => RowBatch): DetailsWasm {
  const encode = createFinishEncoder()
  const encodeFinish = (row: number): number => {
    const { finishShapes } = batch()
    const piece = encode(textOf({ batch: batch(), row }, requestText.finish) ?? '{}')
    const at = wasm.keepPiece(finishShapes[row] ?? 0, piece.length)
    new Uint8Array(wasm.memory.buffer).set(piece, at + PIECE_HEAD)
    return at
  }
  const wasm = loadWasm('details', { host: { encodeFinish } }) as DetailsWasm & SetUp
  for (const [index, list] of encodeLists(args).entries()) {
    const at = wasm.allocate(list.length)
    new Uint8Array(wasm.memory.buffer).set(list, at)
    wasm.setList(index, at)
  }
  const [worker = 0, replay = 0, source = 0, final = 0] = ['worker', 'replay', 'event_source', 'session_final'].map((name) =>
    annotationNames.idOf(name),
  )
  wasm.setNames(args === 'full' ? 1 : 0, worker, replay, source, final, annotationValues.idOf('dynamo'), annotationValues.idOf('harness'))
  return wasm
}
