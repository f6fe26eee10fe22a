// SPDX-License-Identifier: Apache-2.0
import { WasmBytes } from '../../wasm/wasm-bytes.ts'
import type { EventModule, Fields } from './event-module.ts'
import type { ProtoBuffer } from './proto-buffer.ts'

/** The size of fields stands before them. */
const SIZE_BYTES = 4

/** The memory in which events are written. */
export class EventMemory {
  readonly #module: EventModule
  readonly #bytes: WasmBytes

  constructor(module: EventModule) {
    this.#module = module
    this.#bytes = new WasmBytes(module.memory)
  }

  /** Keeps fields that are written again and again. */
  keep(fields: ProtoBuffer): Fields {
    const place = this.claim(fields.length)
    this.fill(place, fields)
    return place
  }

  /** Makes a place for fields of up to so many bytes, which stays as long as the module does. */
  claim(room: number): Fields {
    return this.#module.keepFields(room)
  }

  fill(place: Fields, fields: ProtoBuffer): void {
    this.#bytes.setUint32(place, fields.length)
    this.#bytes.set(place + SIZE_BYTES, fields.written)
  }

  /** Puts bytes where the module has made room for them. */
  set(place: number, bytes: Uint8Array): void {
    this.#bytes.set(place, bytes)
  }

  /** The packets that were not taken yet, good until the next one is written. */
  packets(): Uint8Array {
    return this.#bytes.subarray(this.#module.outputAt.value, this.#module.outputBytes())
  }
}
