// SPDX-License-Identifier: Apache-2.0
import type { Random } from './random.ts'
import { TextBuffer } from './text-buffer.ts'

/** An id of anything: a number that stands for a UUID. No two of a trace are the same. */
export type Id = number

const IDS_OF_A_TRACE = 2 ** 27

export class Ids {
  #next: number

  /** Another seed gives other ids, so traces may be put together. */
  constructor(random: Random) {
    this.#next = (random.bits() >>> 6) * IDS_OF_A_TRACE
  }

  next(): Id {
    return this.#next++
  }
}

/** The UUID of an id. */
export function uuidOf(id: Id): string {
  return new TextBuffer(36).uuid(id).toString()
}
