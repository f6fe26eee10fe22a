// SPDX-License-Identifier: Apache-2.0
import type { BlockHasher } from './block-hasher.ts'
import type { Worker } from './worker.ts'

/** A prompt as routing sees it. */
export interface RoutedPrompt {
  readonly blocks: BlockHasher
  readonly blockSize: number
}

/**
 * Leading blocks of the prompt that the worker need not prefill. At least the
 * last token must be computed to get a next one, so of a prompt that is cached
 * in whole the last block is computed again.
 */
export function countCachedBlocks(worker: Worker, { blocks, blockSize }: RoutedPrompt): number {
  const most = Math.max(0, Math.floor((blocks.tokens - 1) / blockSize))
  return Math.min(worker.cache.match(blocks.wholeBlocks), most)
}

/**
 * The worker among `candidates` where the prompt costs least: blocks that
 * would have to be prefilled there, its own and those of requests already
 * there, plus the blocks that running requests hold. This is the cost of
 * Dynamo's KV router at its default overlap weight of 1. Equal costs go to the
 * worker with fewer requests, then to the first.
 */
export function chooseWorker(candidates: readonly Worker[], prompt: RoutedPrompt): Worker | undefined {
  let best: Worker | undefined
  let bestCost = Infinity
  for (const worker of candidates) {
    const cached = countCachedBlocks(worker, prompt) * prompt.blockSize
    const prefillTokens = prompt.blocks.tokens - cached + worker.pendingPrefillTokens
    const cost = prefillTokens / prompt.blockSize + worker.heldBlocks
    if (cost < bestCost || (cost === bestCost && worker.running < (best?.running ?? 0))) {
      best = worker
      bestCost = cost
    }
  }
  return best
}
