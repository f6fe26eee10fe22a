// SPDX-License-Identifier: Apache-2.0
import { WasmBytes } from '../../wasm/wasm-bytes.ts'
import type { EventModule, Fields } from './event-module.ts'
import type { ProtoBuffer } from './proto-buffer.ts'

/** The size of fields stands before them. */
const SIZE_BYTES = 4

/** Areas double up to a size that does for the details of a batch: of a thousand writers most need little. */
const FIRST_AREA_BYTES = 1 << 14
const LARGEST_AREA_BYTES = 1 << 20

interface Area {
  readonly place: number
  readonly room: number
}

/** The memory in which events are written. */
export class EventMemory {
  readonly #module: EventModule
  readonly #bytes: WasmBytes
  /** Room for what is lent, which is used again and again. */
  readonly #areas: Area[] = []
  #area = 0
  #lent = 0

  constructor(module: EventModule) {
    this.#module = module
    this.#bytes = new WasmBytes(module.memory)
  }

  /** Keeps fields that are written again and again. */
  keep(fields: ProtoBuffer): Fields {
    const place = this.#module.keepFields(fields.length)
    this.#fill(place, fields)
    return place
  }

  #fill(place: Fields, fields: ProtoBuffer): void {
    this.#bytes.setUint32(place, fields.length)
    this.#bytes.set(place + SIZE_BYTES, fields.written)
  }

  /** What was lent is done with. */
  endLoans(): void {
    this.#area = 0
    this.#lent = 0
  }

  /** Puts bytes where they are good until the loans end. */
  lend(bytes: Uint8Array): number {
    const place = this.#takePlace(bytes.length)
    this.#bytes.set(place, bytes)
    return place
  }

  /** Puts fields where they are good until the loans end. */
  lendFields(fields: ProtoBuffer): Fields {
    const place = this.#takePlace(SIZE_BYTES + fields.length)
    this.#fill(place, fields)
    return place
  }

  #takePlace(size: number): number {
    let area = this.#areas[this.#area]
    while (area !== undefined && this.#lent + size > area.room) {
      area = this.#areas[++this.#area]
      this.#lent = 0
    }
    if (area === undefined) {
      const doubled = (this.#areas.at(-1)?.room ?? FIRST_AREA_BYTES / 2) * 2
      const room = Math.max(size, Math.min(doubled, LARGEST_AREA_BYTES))
      area = { place: this.#module.allocate(room), room }
      this.#areas.push(area)
    }
    const place = area.place + this.#lent
    this.#lent += size
    return place
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
