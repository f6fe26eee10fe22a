// SPDX-License-Identifier: Apache-2.0
import type { RequestSpan } from '../../model/model-sink.ts'
import { FLOW_BYTES, type Packets } from './packets.ts'
import { trackEvent } from './schema.ts'

/**
 * The arrows that arrive at a request.
 *
 * The engine turns an arrow around whose target begins before its source. The
 * clocks of harness and frontend differ, and a row's start has whole
 * milliseconds where an end has fractions, so a request may seem to begin
 * before the tool call that it waited for; then the arrow arrives at the first
 * part of the request that begins later, and at none if there is no such part.
 */
export class Arrivals {
  readonly #packets: Packets
  /** Ids of arrows and when they leave, the latest first. */
  readonly #edgeIds: number[] = []
  readonly #fromMs: number[] = []
  #count = 0

  constructor(packets: Packets) {
    this.#packets = packets
  }

  /** Forgets the arrows of the request before that could not arrive. */
  forget(): void {
    this.#count = 0
  }

  expect({ results, spawn }: RequestSpan): void {
    for (const { edgeId, startMs } of results) this.#insert(edgeId, startMs)
    if (spawn?.kind === 'past') this.#insert(spawn.edgeId, spawn.fromMs)
  }

  #insert(edgeId: number, fromMs: number): void {
    const edgeIds = this.#edgeIds
    const times = this.#fromMs
    let place = this.#count++
    for (; place > 0 && (times[place - 1] ?? Infinity) < fromMs; place--) {
      times[place] = times[place - 1] ?? 0
      edgeIds[place] = edgeIds[place - 1] ?? 0
    }
    times[place] = fromMs
    edgeIds[place] = edgeId
  }

  /** Bytes of the arrows that can arrive at what begins at a time. */
  sizeBy(timeMs: number): number {
    let due = 0
    while (due < this.#count && (this.#fromMs[this.#count - 1 - due] ?? Infinity) <= timeMs) due++
    return due * FLOW_BYTES
  }

  /** Writes arrows of so many bytes into the event that was begun, so that they do not arrive again. */
  write(size: number): void {
    for (let rest = size; rest > 0; rest -= FLOW_BYTES) {
      this.#packets.flow(trackEvent.terminatingFlowIds, this.#edgeIds[--this.#count] ?? 0)
    }
  }
}
