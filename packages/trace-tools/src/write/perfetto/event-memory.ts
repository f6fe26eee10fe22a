// SPDX-License-Identifier: Apache-2.0
import type { WasmMemory } from '../../wasm/load-wasm.ts'
import type { EventModule, Fields } from './event-module.ts'
import type { ProtoBuffer } from './proto-buffer.ts'

/** The size of fields stands before them. */
const SIZE_BYTES = 4

/** The memory in which events are written. */
export class EventMemory {
  readonly #module: EventModule
  readonly #memory: WasmMemory
  #bytes = new Uint8Array()
  #view = new DataView(this.#bytes.buffer)

  constructor(module: EventModule) {
    this.#module = module
    this.#memory = module.memory
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
    this.#renew()
    this.#view.setUint32(unsigned(place), fields.length, true)
    this.#bytes.set(fields.written, unsigned(place) + SIZE_BYTES)
  }

  /** Puts bytes where the module has made room for them. */
  set(place: number, bytes: Uint8Array): void {
    this.#renew()
    this.#bytes.set(bytes, unsigned(place))
  }

  /** The packets that were not taken yet, good until the next one is written. */
  packets(): Uint8Array {
    this.#renew()
    const start = unsigned(this.#module.outputAt.value)
    return this.#bytes.subarray(start, start + this.#module.outputBytes())
  }

  /** When the memory grows it becomes another buffer, and arrays of the one before are empty. */
  #renew(): void {
    if (this.#bytes.length > 0) return
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#view = new DataView(this.#memory.buffer)
  }
}

/** Places beyond 2 GB come out of the module as negative numbers. */
function unsigned(place: number): number {
  return place >>> 0
}
