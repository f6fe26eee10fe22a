// SPDX-License-Identifier: Apache-2.0
import type { SettledSpans } from '../model/model-sink.ts'
import type { WasmMemory } from './load-wasm.ts'
import { WasmBytes } from './wasm-bytes.ts'

/** An instance that takes spans. */
export interface SpanTaker {
  readonly memory: WasmMemory
  /** Gives memory that stays taken. */
  allocate(bytes: number): number
}

/** The spans that an instance takes next, copied into its memory. */
export class SpanCopy {
  readonly #taker: SpanTaker
  readonly #bytes: WasmBytes
  #place = 0
  #room = 0

  constructor(taker: SpanTaker) {
    this.#taker = taker
    this.#bytes = new WasmBytes(taker.memory)
  }

  /** @returns Where they stand, up to the next time. */
  copy({ values: { buffer, byteOffset, byteLength } }: SettledSpans): number {
    if (byteLength > this.#room) {
      this.#room = byteLength * 2
      this.#place = this.#taker.allocate(this.#room)
    }
    this.#bytes.set(this.#place, new Uint8Array(buffer, byteOffset, byteLength))
    return this.#place
  }
}
