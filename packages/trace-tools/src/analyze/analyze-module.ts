// SPDX-License-Identifier: Apache-2.0
import { loadWasm, type WasmGlobal } from '../wasm/load-wasm.ts'
import type { SpanTaker } from '../wasm/span-copy.ts'

/** What `assembly/analyze.ts` exports. Times are epoch milliseconds; places and sizes are bytes. */
export interface AnalyzeModule extends SpanTaker {
  /** Takes spans that were copied. */
  takeSpans(place: number, bytes: number): void
  /** A session was running. */
  coverAgent(startMs: number, endMs: number): void
  /** How much time one of the things of WallTimeName covers together with all before it, by its place among them. */
  coveredMs(layer: number): number
  /** Makes room for the hashes of the KV blocks of a trajectory's next turn. @returns Where they are copied to. */
  placeBlocks(trajectory: number, blocks: number): number
  /** Where sums of all requests stand; see request-sums.ts. */
  readonly sums: WasmGlobal
}

/** What it asks and tells; see assembly/analyze/host.ts. */
export interface AnalyzeHost {
  copyBlocks(trajectory: number, slot: number, row: number): number
  lose(span: number, expectedTokens: number, isMoved: number): void
}

export function createAnalyzeModule(host: AnalyzeHost): AnalyzeModule {
  return loadWasm('analyze', { host: { ...host } }) as AnalyzeModule
}
