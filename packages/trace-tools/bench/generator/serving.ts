// SPDX-License-Identifier: Apache-2.0
import type { Id, Ids } from './ids.ts'
import { BLOCK_TOKENS, createSharedBlocks, type Prompt, type SharedBlocks } from './prompt.ts'
import { skewed, type Random } from './random.ts'
import { encode, TextBuffer } from './text-buffer.ts'

/** One LLM call as Dynamo served it. Times in nanoseconds, whole. */
export interface ServedRequest {
  readonly requestId: Id
  readonly xRequestId: Id
  readonly model: Uint8Array
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  /** Of input blocks, 0 to 1. */
  readonly kvHitRate: number
  readonly queueDepth: number
  readonly worker: Worker
  /** Stays as it is until the request has ended. */
  readonly prompt: Prompt
  /** From the start of the trace; a whole millisecond. */
  readonly startNs: number
  /** From the start of the request, as are the others. */
  readonly waitNs: number
  readonly ttftNs: number
  readonly totalNs: number
}

/** Who served a request; the ids are the digits of a u64. */
export interface Worker {
  readonly prefillId: Uint8Array
  readonly decodeId: Uint8Array
}

/** What is asked of the cluster. */
export interface Ask {
  /** @defaultValue the large model that the agents use */
  readonly model?: Uint8Array
  readonly prompt: Prompt
  /** Blocks of the prompt that the worker has seen. */
  readonly knownBlocks: number
  readonly worker: Worker
  readonly startNs: number
  readonly outputTokens: number
}

const largeModel = encode('qwen3-coder-480b-a35b')
export const smallModel = encode('qwen3-8b')

const waitMs = skewed(2, 2)
const WAIT_PER_REQUEST_MS = 30
const prefillMs = skewed(1, 1.2)
const PREFILL_OVERHEAD_MS = 15
const PREFILL_TOKENS_PER_MS = 12
const tokenMs = skewed(9, 1.2)

/** Workers that serve requests as fast as a large model on good hardware does. */
export class Cluster {
  readonly sharedBlocks: SharedBlocks
  readonly #random: Random
  readonly #ids: Ids
  readonly #workers: [Worker, ...Worker[]]

  constructor(random: Random, ids: Ids, workers: number) {
    this.#random = random
    this.#ids = ids
    this.sharedBlocks = createSharedBlocks(random, 3)
    const u64 = (): Uint8Array => new TextBuffer(20).u64(random).written
    const createWorker = (): Worker => {
      const decodeId = u64()
      // Some of them leave prefill to another one.
      return { prefillId: random.chance(0.25) ? u64() : decodeId, decodeId }
    }
    this.#workers = [createWorker(), ...Array.from({ length: workers - 1 }, createWorker)]
  }

  chooseWorker(): Worker {
    return this.#random.pick(this.#workers)
  }

  serve({ model = largeModel, prompt, knownBlocks, worker, startNs, outputTokens }: Ask): ServedRequest {
    const random = this.#random
    const cachedBlocks = Math.min(knownBlocks, prompt.wholeBlocks)
    const cachedTokens = cachedBlocks * BLOCK_TOKENS
    const queueDepth = random.chance(0.8) ? 0 : random.between(1, 40)
    const waitNs = Math.round(1e6 * (waitMs(random) + queueDepth * WAIT_PER_REQUEST_MS))
    const prefillFactor = PREFILL_OVERHEAD_MS + (prompt.tokens - cachedTokens) / PREFILL_TOKENS_PER_MS
    const ttftNs = waitNs + Math.round(1e6 * prefillMs(random, prefillFactor))
    return {
      requestId: this.#ids.next(),
      xRequestId: this.#ids.next(),
      model,
      inputTokens: prompt.tokens,
      outputTokens,
      cachedTokens,
      kvHitRate: cachedBlocks / prompt.blocks,
      queueDepth,
      worker,
      prompt,
      startNs,
      waitNs,
      ttftNs,
      totalNs: ttftNs + Math.round(1e6 * (0.2 + tokenMs(random, outputTokens - 1))),
    }
  }
}
