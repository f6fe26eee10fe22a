// SPDX-License-Identifier: Apache-2.0
import { PIECE_BYTES } from '../timeline-format.ts'
import { constant } from './constant.ts'
import { JsonBuffer } from './json-buffer.ts'

const first = constant('[\n')
const next = constant(',\n')
const last = constant('\n]\n')

/** An array of events that is written while it grows, one event a line: viewers load it even if it was cut off. */
export class EventStream {
  readonly #emit: (piece: Uint8Array) => void
  #separator = first
  readonly #buffer = new JsonBuffer()

  constructor(emit: (piece: Uint8Array) => void) {
    this.#emit = emit
    // Room for a piece and the event that makes it full.
    this.#buffer.begin(Buffer.allocUnsafeSlow(PIECE_BYTES + (PIECE_BYTES >> 3)))
  }

  /** Begins an event; all of it up to the end is put into the buffer. */
  begin(): JsonBuffer {
    const buffer = this.#buffer
    if (buffer.length >= PIECE_BYTES) this.#flush()
    buffer.raw(this.#separator)
    this.#separator = next
    return buffer
  }

  /** Writes an event that is JSON already. */
  write(json: string): void {
    this.begin().text(json)
  }

  end(): void {
    const buffer = this.#buffer
    if (this.#separator === first) buffer.text('[')
    buffer.raw(last)
    this.#flush()
  }

  #flush(): void {
    const { bytes, length } = this.#buffer
    this.#emit(bytes.subarray(0, length))
    this.#buffer.begin(bytes)
  }
}
