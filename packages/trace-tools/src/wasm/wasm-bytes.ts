// SPDX-License-Identifier: Apache-2.0
import type { WasmMemory } from './load-wasm.ts'

/**
 * The memory of an instance, byte by byte. When it grows it becomes another
 * buffer, and arrays of the one before are empty; and places beyond 2 GB come
 * out of the instance as negative numbers. Whoever uses this need know neither.
 */
export class WasmBytes {
  readonly #memory: WasmMemory
  #bytes = new Uint8Array()
  #words = new Uint32Array(this.#bytes.buffer)
  #view = new DataView(this.#bytes.buffer)

  constructor(memory: WasmMemory) {
    this.#memory = memory
  }

  set(place: number, bytes: Uint8Array): void {
    this.#renew()
    this.#bytes.set(bytes, place >>> 0)
  }

  /** A stretch of an array, which mostly is so short that to make an array of it would take longer. */
  setWords(place: number, words: Uint32Array, { start, end }: { readonly start: number; readonly end: number }): void {
    this.#renew()
    const at = (place >>> 2) - start
    for (let word = start; word < end; word++) this.#words[at + word] = words[word] ?? 0
  }

  setUint32(place: number, value: number): void {
    this.#renew()
    this.#view.setUint32(place >>> 0, value, true)
  }

  /** Good until the memory grows. */
  subarray(place: number, length: number): Uint8Array {
    this.#renew()
    const start = place >>> 0
    return this.#bytes.subarray(start, start + length)
  }

  #renew(): void {
    if (this.#bytes.length > 0) return
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#words = new Uint32Array(this.#memory.buffer)
    this.#view = new DataView(this.#memory.buffer)
  }
}
