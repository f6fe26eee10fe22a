// SPDX-License-Identifier: Apache-2.0
import { loadWasm, type WasmGlobal, type WasmMemory } from '../wasm/load-wasm.ts'

/** What the part of the model that is compiled to WebAssembly can be told and asked; see assembly/model.ts. */
export interface ModelCore {
  readonly memory: WasmMemory
  /** Where settled spans stand, and how many bytes of them; see told.ts. */
  readonly told: WasmGlobal
  readonly toldBytes: WasmGlobal

  /** Where the columns of a batch are copied to, once there is room. */
  readonly numbers: WasmGlobal
  readonly fingerprints: WasmGlobal
  readonly trajectories: WasmGlobal
  readonly workers: WasmGlobal
  readonly callEnds: WasmGlobal
  readonly kinds: WasmGlobal
  readonly finishes: WasmGlobal
  makeRoom(rows: number): void
  /** @returns Where the hashes of its calls are copied to. */
  hold(slot: number, rows: number, calls: number): number
  dropRepeated(rows: number): number
  take(slot: number, rows: number): void
  forget(slot: number): void

  gather(slot: number): void
  settleGathered(): void
  finish(): void

  trajectoryCount(): number
  createTrajectory(contextFree: boolean): void
  /** A row has told who its parent is. */
  makeChild(trajectory: number): void
  startOf(trajectory: number): number
  endOf(trajectory: number): number
  requestsOf(trajectory: number): number
  toolCallsOf(trajectory: number): number

  isNew(low: number, high: number): number
  isReportedIn(trajectory: number, low: number, high: number): number
  addAskedCall(hasId: boolean, low: number, high: number): void
  tryName(low: number, high: number): number
  readonly repeatedRows: WasmGlobal
  readonly unendedCalls: WasmGlobal
}

/** What it asks and tells; see assembly/model/host.ts. */
export interface ModelHost {
  spans(): void
  keepStart(slot: number, row: number): number
  forgetStart(start: number): void
  keepAsked(trajectory: number, slot: number, row: number, startMs: number, endMs: number): number
  expectNext(asked: number, slot: number, row: number, startMs: number): void
  expectLast(asked: number, trajectory: number, startMs: number): void
  forgetAsked(asked: number): void
  rememberLast(trajectory: number, slot: number, row: number): void
  forgetLast(trajectory: number): void
  parentOf(trajectory: number): number
  tryNames(trajectory: number): void
}

export function loadModelCore(host: ModelHost): ModelCore {
  return loadWasm('model', { host: { ...host } }) as ModelCore
}
