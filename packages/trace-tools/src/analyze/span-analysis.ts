// SPDX-License-Identifier: Apache-2.0
import type { SettledSpans } from '../model/model-sink.ts'
import { blocksBefore } from '../read/row-batch.ts'
import { SpanCopy } from '../wasm/span-copy.ts'
import { WasmBytes } from '../wasm/wasm-bytes.ts'
import { createAnalyzeModule, type AnalyzeModule } from './analyze-module.ts'
import { CacheLossList } from './cache-loss.ts'
import { SUMS } from './request-sums.ts'

/** Has spans analyzed by compiled code. */
export class SpanAnalysis {
  readonly module: AnalyzeModule
  readonly losses = new CacheLossList()
  readonly #copy: SpanCopy
  readonly #bytes: WasmBytes
  /** Those that are analyzed at the moment, and where their copy stands. */
  #spans: SettledSpans | undefined
  #place = 0

  constructor() {
    this.module = createAnalyzeModule({
      copyBlocks: (trajectory, slot, row) => this.#copyBlocks(trajectory, slot, row),
      lose: (span, expectedTokens, isMoved) => {
        const request = this.#spans?.requestAt((span - this.#place) / Float64Array.BYTES_PER_ELEMENT)
        if (request !== undefined) this.losses.add(request, expectedTokens, isMoved !== 0)
      },
    })
    this.#copy = new SpanCopy(this.module)
    this.#bytes = new WasmBytes(this.module.memory)
  }

  take(spans: SettledSpans): void {
    this.#spans = spans
    this.#place = this.#copy.copy(spans)
    this.module.takeSpans(this.#place, spans.values.byteLength)
    this.#spans = undefined
  }

  /** Of all requests; see request-sums.ts. */
  sums(): Float64Array {
    return new Float64Array(this.module.memory.buffer, this.module.sums.value, SUMS)
  }

  #copyBlocks(trajectory: number, slot: number, row: number): number {
    const batch = this.#spans?.batchAt(slot)
    if (batch === undefined) return 0
    const start = blocksBefore({ batch, row })
    const end = batch.blockEnds[row] ?? start
    if (end === start) return 0
    this.#bytes.setWords(this.module.placeBlocks(trajectory, end - start), batch.blockHashes, { start, end })
    return end - start
  }
}
