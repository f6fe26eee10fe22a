// SPDX-License-Identifier: Apache-2.0
import type { BlockHasher } from './block-hasher.ts'
import type { EngineRequest, EngineTimings } from './engine.ts'
import { countCachedBlocks } from './routing.ts'
import type { EngineSettings } from './settings.ts'
import type { Worker } from './worker.ts'

/** A request on its way from the frontend to a worker. */
export interface AdmittedPrompt {
  readonly blocks: BlockHasher
  readonly receivedMs: number
  /** Requests that waited when it came. */
  readonly queueDepth: number
  readonly signal: AbortSignal
}

/** What a request needs of its engine. */
export interface ServingEngine {
  readonly settings: EngineSettings
  /** A worker has a free place again. */
  readonly onPlaceFree: () => void
}

/** Puts a request on a worker at once; from here on finish or an abort takes it off again. */
export function serveRequest(worker: Worker, admitted: AdmittedPrompt, engine: ServingEngine): EngineRequest {
  const { blocks, receivedMs, queueDepth, signal } = admitted
  const { settings } = engine
  const { blockSize } = settings
  const cached = countCachedBlocks(worker, { blocks, blockSize })
  const blockHashes = blocks.allBlocks()
  const inputTokens = blocks.tokens
  const uncachedTokens = inputTokens - cached * blockSize
  const prefillMs = settings.prefillOverheadMs + (uncachedTokens * 1000) / settings.prefillTokensPerSecond
  const tokenMs = 1000 / settings.decodeTokensPerSecond

  let prefillStartMs: number | undefined
  let firstTokenMs: number | undefined
  let endMs: number | undefined
  let decodedTokens = 0
  let timings: EngineTimings | undefined

  const leaveWorker = () => {
    if (endMs !== undefined) return
    endMs = settings.now()
    signal.removeEventListener('abort', leaveWorker)
    worker.running--
    worker.heldBlocks -= blockHashes.length
    if (firstTokenMs === undefined) worker.pendingPrefillTokens -= uncachedTokens
    engine.onPlaceFree()
  }

  worker.running++
  worker.heldBlocks += blockHashes.length
  worker.pendingPrefillTokens += uncachedTokens
  worker.cache.store(blocks.wholeBlocks.slice(0, cached))
  signal.addEventListener('abort', leaveWorker, { once: true })

  return {
    workerId: worker.id,
    blockHashes,
    inputTokens,
    cachedTokens: cached * blockSize,
    kvHitRate: blockHashes.length === 0 ? 0 : cached / blockHashes.length,
    queueDepth,

    async prefill() {
      const leaveLane = await worker.prefillLane.enter(signal)
      try {
        prefillStartMs = settings.now()
        await settings.sleep(prefillMs / settings.speedup, signal)
        signal.throwIfAborted()
        if (endMs !== undefined) return
        firstTokenMs = settings.now()
        worker.pendingPrefillTokens -= uncachedTokens
        worker.cache.store(blocks.wholeBlocks)
      } finally {
        leaveLane()
      }
    },

    // Each call waits for the moment at which its last token is due since the
    // first one, so that the delays of timers and of slow readers do not add up.
    async decode(tokens) {
      signal.throwIfAborted()
      decodedTokens += tokens
      const dueMs = (firstTokenMs ?? settings.now()) + (decodedTokens * tokenMs) / settings.speedup
      const waitMs = dueMs - settings.now()
      if (waitMs > 0) await settings.sleep(waitMs, signal)
    },

    finish(outputTokens, answerText) {
      if (timings !== undefined) return timings
      if (answerText !== undefined && firstTokenMs !== undefined) {
        blocks.append(answerText)
        worker.cache.store(blocks.wholeBlocks)
      }
      leaveWorker()
      timings = measure({ receivedMs, prefillStartMs, firstTokenMs, endMs: endMs ?? settings.now() }, outputTokens)
      return timings
    },
  }
}

interface Milestones {
  readonly receivedMs: number
  readonly prefillStartMs: number | undefined
  readonly firstTokenMs: number | undefined
  readonly endMs: number
}

function measure(at: Milestones, outputTokens: number): EngineTimings {
  const prefillWaitMs = Math.max(0, (at.prefillStartMs ?? at.endMs) - at.receivedMs)
  const prefillMs = at.prefillStartMs === undefined ? 0 : Math.max(0, (at.firstTokenMs ?? at.endMs) - at.prefillStartMs)
  const totalMs = Math.max(prefillWaitMs + prefillMs, at.endMs - at.receivedMs)
  if (at.firstTokenMs === undefined) return { prefillWaitMs, prefillMs, totalMs }
  const ttftMs = prefillWaitMs + prefillMs
  if (outputTokens < 2) return { prefillWaitMs, prefillMs, ttftMs, totalMs }
  return { prefillWaitMs, prefillMs, ttftMs, totalMs, avgItlMs: (totalMs - ttftMs) / (outputTokens - 1) }
}
