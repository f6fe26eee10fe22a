// SPDX-License-Identifier: Apache-2.0
import type { RequestSpan } from '../../model/model-sink.ts'
import { FLOW_BYTES, type Packets } from './packets.ts'
import { trackEvent } from './schema.ts'

interface Arrival {
  readonly edgeId: number
  readonly fromMs: number
}

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
  /** The latest first. */
  readonly #pending: Arrival[] = []

  constructor(packets: Packets) {
    this.#packets = packets
  }

  /** Forgets the arrows of the request before that could not arrive. */
  forget(): void {
    this.#pending.length = 0
  }

  expect({ results, spawn }: RequestSpan): void {
    const pending = this.#pending
    for (const { edgeId, startMs } of results) pending.push({ edgeId, fromMs: startMs })
    if (spawn?.kind === 'past') pending.push({ edgeId: spawn.edgeId, fromMs: spawn.fromMs })
    if (pending.length > 1) pending.sort((a, b) => b.fromMs - a.fromMs)
  }

  /** Bytes of the arrows that can arrive at what begins at a time. */
  sizeBy(timeMs: number): number {
    const pending = this.#pending
    let due = 0
    while (due < pending.length && (pending[pending.length - 1 - due]?.fromMs ?? Infinity) <= timeMs) due++
    return due * FLOW_BYTES
  }

  /** Writes arrows of so many bytes into the event that was begun, so that they do not arrive again. */
  write(size: number): void {
    for (let rest = size; rest > 0; rest -= FLOW_BYTES) {
      this.#packets.flow(trackEvent.terminatingFlowIds, this.#pending.pop()?.edgeId ?? 0)
    }
  }
}
