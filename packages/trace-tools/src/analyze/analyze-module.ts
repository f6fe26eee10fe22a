// SPDX-License-Identifier: Apache-2.0
import { loadWasm, type WasmGlobal, type WasmMemory } from '../wasm/load-wasm.ts'

/** What `assembly/analyze.ts` exports. Times are epoch milliseconds; places and sizes are bytes. */
export interface AnalyzeModule {
  readonly memory: WasmMemory

  /**
   * A request went on, in stages as it has them: durations from the start, NaN
   * where nothing says when decode began.
   */
  coverRequest(startMs: number, endMs: number, waitEndMs: number, prefillEndMs: number, decodeStartMs: number): void
  coverTools(startMs: number, endMs: number): void
  /** A session was running. */
  coverAgent(startMs: number, endMs: number): void
  /** How much time one of the things of WallTimeName covers together with all before it, by its place among them. */
  coveredMs(layer: number): number

  /** Makes room for the block hashes of a trajectory's next turn. @returns Where they are copied to. */
  placeHashes(trajectory: number, size: number): number
  /**
   * Compares a turn with the one before it of its trajectory, and remembers it
   * for the next one. Tokens that its row does not tell are NaN.
   *
   * @param hashBytes Of its block hashes, which were copied; 0 where it has none.
   * @returns What became of the cache; see turn-outcome.ts.
   */
  takeTurn(
    trajectory: number,
    startMs: number,
    endMs: number,
    inputTokens: number,
    outputTokens: number,
    cachedTokens: number,
    blockSize: number,
    workers: number,
    hashBytes: number,
  ): number
  /** Tokens that the last turn which lost its cache could have reused, whole blocks of them. */
  readonly expectedTokens: WasmGlobal
}

export function createAnalyzeModule(): AnalyzeModule {
  return loadWasm('analyze') as AnalyzeModule
}
