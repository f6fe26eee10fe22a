// SPDX-License-Identifier: Apache-2.0
import type { EventMemory } from './event-memory.ts'
import { NO_FIELDS, type Fields } from './event-module.ts'
import type { ProtoBuffer } from './proto-buffer.ts'

/** A place for fields that are written once: they are good until the next ones come. */
export class LentFields {
  readonly #memory: EventMemory
  #place: Fields = NO_FIELDS
  #room = -1

  constructor(memory: EventMemory) {
    this.#memory = memory
  }

  lend(fields: ProtoBuffer): Fields {
    if (fields.length > this.#room) {
      this.#room = fields.length * 2
      this.#place = this.#memory.claim(this.#room)
    }
    this.#memory.fill(this.#place, fields)
    return this.#place
  }
}
