// SPDX-License-Identifier: Apache-2.0
import { loadWasm, type WasmGlobal, type WasmMemory } from '../../wasm/load-wasm.ts'
import { lists } from './fields.ts'
import { isRegularFinish } from './regular-finish.ts'
import { encodeLists } from './tables.ts'

/**
 * What assembly/scan.ts exports. Addresses are in its memory; places are
 * counted from the beginning of the block that was read last.
 */
export interface ScanWasm {
  readonly memory: WasmMemory
  /** Makes room for a block and for texts behind it; gives the address of the block. */
  reserveBlock(bytes: number, keep: number): number
  beginBlock(): void
  /** Reads lines up to the end, or the first one that is left to core's parser; gives the place behind those that were read. */
  scan(start: number, end: number): number
  clearRow(): void
  endRow(line: number): void
  /** 1 if the line that was left is a payload row. */
  readonly isPayload: WasmGlobal
  readonly lines: WasmGlobal
  readonly count: WasmGlobal
  readonly callCount: WasmGlobal
  readonly blockCount: WasmGlobal
  // Addresses of columns, see RowBatch.
  readonly kindsAt: WasmGlobal
  readonly flagsAt: WasmGlobal
  readonly linesAt: WasmGlobal
  readonly numbersAt: WasmGlobal
  readonly textsAt: WasmGlobal
  readonly identityHashesAt: WasmGlobal
  readonly fingerprintsAt: WasmGlobal
  readonly workerHashesAt: WasmGlobal
  readonly callsAt: WasmGlobal
  readonly callEndsAt: WasmGlobal
  readonly blockHashesAt: WasmGlobal
  readonly blockEndsAt: WasmGlobal
  readonly finishShapesAt: WasmGlobal
}

interface SetUp {
  allocate(bytes: number): number
  setTables(at: number): void
}

/** Makes a scanner with a memory of its own, which grows with the longest block. */
export function createScanWasm(): ScanWasm {
  const wasm = loadWasm('scan', {
    host: {
      parseNumber: (start: number, end: number) => finiteNumber(bytesOf(start, end).toString('latin1')),
      isRegularFinish: (start: number, end: number) => (isRegularFinish(bytesOf(start, end)) ? 1 : 0),
    },
  }) as ScanWasm & SetUp
  const tables = encodeLists(lists)
  const at = wasm.allocate(tables.length)
  new Uint8Array(wasm.memory.buffer).set(tables, at)
  wasm.setTables(at)
  return wasm

  function bytesOf(start: number, end: number): Buffer {
    return Buffer.from(wasm.memory.buffer, start, end - start)
  }
}

/** A number without a finite value counts as absent, as for core's parser. */
function finiteNumber(text: string): number {
  const value = Number(text)
  return Number.isFinite(value) ? value : Number.NaN
}
