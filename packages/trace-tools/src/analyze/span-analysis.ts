// SPDX-License-Identifier: Apache-2.0
import type { SettledSpans } from '../model/model-sink.ts'
import { requestText } from '../read/columns.ts'
import { textLength, textStart } from '../read/row-batch.ts'
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
      copyHashes: (trajectory, slot, row) => this.#copyHashes(trajectory, slot, row),
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

  #copyHashes(trajectory: number, slot: number, row: number): number {
    const batch = this.#spans?.batchAt(slot)
    if (batch === undefined) return 0
    const hashes = { batch, row }
    const length = textLength(hashes, requestText.hashes)
    if (length === 0) return 0
    const start = textStart(hashes, requestText.hashes)
    this.#bytes.set(this.module.placeHashes(trajectory, length), batch.bytes.subarray(start, start + length))
    return length
  }
}
