// SPDX-License-Identifier: Apache-2.0
import type { ModelSink } from '../model/model-sink.ts'
import { requestNumber, requestText } from '../read/columns.ts'
import { numberOf, textLength, textOf, textStart, type RowReference } from '../read/row-batch.ts'
import { WasmBytes } from '../wasm/wasm-bytes.ts'
import type { AnalyzeModule } from './analyze-module.ts'
import { KEPT, LOST_BY_MOVING } from './turn-outcome.ts'

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
 * Finds the turns that lost their cache. A turn can reuse the input and output
 * of the turn before, as far as its own input goes on from there; where rows
 * carry block hashes, these say how far it does, so that a prompt which the
 * harness rewrote does not count as lost. Of trajectories that were silent
 * while hashes of some thousand other requests came, only the numbers of
 * tokens are left to tell.
 */
export interface CacheLossFinder extends ModelSink {
  result(): CacheLosses
}

export function createCacheLossFinder(module: AnalyzeModule): CacheLossFinder {
  const first: CacheLoss[] = []
  let count = 0
  let moved = 0
  const memory = new WasmBytes(module.memory)

  return {
    request({ row, trajectory, startMs, endMs }) {
      if (trajectory.contextFree) return
      const cachedTokens = numberOf(row, requestNumber.cachedTokens)
      const outcome = module.takeTurn(
        trajectory.index,
        startMs,
        endMs,
        numberOf(row, requestNumber.inputTokens),
        numberOf(row, requestNumber.outputTokens),
        cachedTokens,
        numberOf(row, requestNumber.replayBlockSize),
        row.batch.workerHashes[row.row] ?? 0,
        copyHashes(trajectory.index, row),
      )
      if (outcome === KEPT) return
      count++
      if (outcome === LOST_BY_MOVING) moved++
      if (first.length === MAX_LISTED) return
      first.push({
        trajectoryId: trajectory.id,
        requestId: textOf(row, requestText.requestId) ?? '',
        startMs,
        expectedTokens: module.expectedTokens.value,
        cachedTokens,
        reason: outcome === LOST_BY_MOVING ? 'worker changed' : 'evicted or unknown',
      })
    },
    tool() {
      // A tool call has nothing in the cache.
    },
    end() {
      // Nothing is left open.
    },
    result: () => ({ count, moved, first }),
  }

  /** @returns How long they are. */
  function copyHashes(trajectory: number, row: RowReference): number {
    const length = textLength(row, requestText.hashes)
    if (length === 0) return 0
    const start = textStart(row, requestText.hashes)
    const place = module.placeHashes(trajectory, length)
    memory.set(place, row.batch.bytes.subarray(start, start + length))
    return length
  }
}
