// SPDX-License-Identifier: Apache-2.0
import type { EngineSettings } from './settings.ts'
import { createPrefixCache, type PrefixCache } from './prefix-cache.ts'
import { createWaitLine, type WaitLine } from './wait-line.ts'

/** One simulated worker: its cache, and what the router knows of its load. */
export interface Worker {
  readonly id: bigint
  readonly cache: PrefixCache
  /** Requests it serves. */
  running: number
  /** Prompt blocks of the requests it serves. */
  heldBlocks: number
  /** Tokens that the requests it serves have still to prefill. */
  pendingPrefillTokens: number
  /** A worker prefills one prompt after the other. */
  readonly prefillLane: PrefillLane
}

export interface PrefillLane {
  /**
   * Waits for this worker's prefill turn.
   *
   * @returns Ends the turn; must be called.
   */
  enter(signal: AbortSignal): Promise<() => void>
}

export function createWorker(settings: EngineSettings): Worker {
  return {
    id: settings.randomU64(),
    cache: createPrefixCache(settings.cacheBlocks),
    running: 0,
    heldBlocks: 0,
    pendingPrefillTokens: 0,
    prefillLane: createPrefillLane(),
  }
}

function createPrefillLane(): PrefillLane {
  const line: WaitLine<undefined, () => void> = createWaitLine()
  let busy = false
  const leave = () => {
    busy = line.call(() => leave)
  }
  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (busy) return await line.wait(undefined, { signal })
      busy = true
      return leave
    },
  }
}
