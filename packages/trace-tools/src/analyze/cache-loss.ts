// SPDX-License-Identifier: Apache-2.0
import type { RequestSpan } from '../model/model-sink.ts'
import { requestNumber, requestText } from '../read/columns.ts'
import { numberOf, textOf } from '../read/row-batch.ts'

/** A turn that found less of its input in the KV cache than the turn before it had left there. */
export interface CacheLoss {
  readonly trajectoryId: string
  readonly requestId: string
  /** When the request was received, in epoch milliseconds. */
  readonly startMs: number
  /** Tokens that could have been reused, whole blocks of them. */
  readonly expectedTokens: number
  readonly cachedTokens: number
  readonly reason: CacheLossReason
}

/** Workers do not share their caches; where none changed, blocks were evicted or nothing tells. */
export type CacheLossReason = 'worker changed' | 'evicted or unknown'

/** What became of the caches of a whole trace. */
export interface CacheLosses {
  readonly count: number
  /** Those of them that went to another worker. */
  readonly moved: number
  /** The first of them, in the order in which they ended. */
  readonly first: readonly CacheLoss[]
}

/** Losses that are told one by one. */
const MAX_LISTED = 1000

/**
 * Collects the turns that lost their cache. A turn can reuse the input and
 * output of the turn before, as far as its own input goes on from there; where
 * rows carry block hashes, these say how far it does, so that a prompt which
 * the harness rewrote does not count as lost. Of trajectories that were silent
 * while hashes of some thousand other requests came, only the numbers of
 * tokens are left to tell.
 */
export class CacheLossList {
  readonly #first: CacheLoss[] = []
  #count = 0
  #moved = 0

  /** @param isMoved It went to another worker than the turn before. */
  add({ row, trajectory, startMs }: RequestSpan, expectedTokens: number, isMoved: boolean): void {
    this.#count++
    if (isMoved) this.#moved++
    if (this.#first.length === MAX_LISTED) return
    this.#first.push({
      trajectoryId: trajectory.id,
      requestId: textOf(row, requestText.requestId) ?? '',
      startMs,
      expectedTokens,
      cachedTokens: numberOf(row, requestNumber.cachedTokens),
      reason: isMoved ? 'worker changed' : 'evicted or unknown',
    })
  }

  result(): CacheLosses {
    return { count: this.#count, moved: this.#moved, first: this.#first }
  }
}
