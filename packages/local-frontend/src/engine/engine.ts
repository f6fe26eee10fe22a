// SPDX-License-Identifier: Apache-2.0

/** How fast a simulated worker is. */
export interface EngineOptions {
  /** @defaultValue 2 */
  readonly workers?: number
  /** Tokens a KV block, as in Dynamo's traces. @defaultValue 64 */
  readonly blockSize?: number
  /** Blocks each worker's cache holds; the least recently used go first. @defaultValue 16384 */
  readonly cacheBlocks?: number
  /** Prefill rate of a worker, uncached input tokens a second. @defaultValue 20000 */
  readonly prefillTokensPerSecond?: number
  /** Decode rate of one request, output tokens a second. @defaultValue 200 */
  readonly decodeTokensPerSecond?: number
  /** Requests that one worker serves at a time; more wait in the router's queue. @defaultValue 16 */
  readonly maxConcurrentPerWorker?: number
  /** All simulated times are divided by this. @defaultValue 1 */
  readonly speedup?: number
  /** Epoch milliseconds, fractional. */
  readonly now?: () => number
  /** Random u64 for worker ids. */
  readonly randomU64?: () => bigint
}

/**
 * A simulated serving engine: a router in front of N workers, each with a KV
 * cache of its own. Times are real: a request takes as long as its figures say.
 */
export interface Engine {
  /** Queues and places one request; resolves when a worker takes it. Rejects only when `signal` aborts. */
  admit(prompt: Prompt, signal: AbortSignal): Promise<EngineRequest>
  readonly workerIds: readonly bigint[]
  readonly blockSize: number
}

/** The prompt as the engine sees it. */
export interface Prompt {
  /** The whole prompt as text, rendered so that a longer conversation starts with its earlier prompt. */
  readonly text: string
  /** Epoch milliseconds, fractional, when the frontend received the request. */
  readonly receivedMs: number
}

/** A request that a worker serves. Exactly one of finish or abort ends it. */
export interface EngineRequest {
  readonly workerId: bigint
  /** One for each block of the prompt, the partial last one too; a hash covers all blocks before it. */
  readonly blockHashes: readonly bigint[]
  readonly inputTokens: number
  /** Whole blocks found in the worker's cache, in tokens. */
  readonly cachedTokens: number
  /** Cached blocks over all blocks of the prompt. */
  readonly kvHitRate: number
  /** Requests that waited in the router's queue when this one came. */
  readonly queueDepth: number
  /** Takes the time of the prefill; the first token is there when it resolves. */
  prefill(): Promise<void>
  /** Takes the time of decoding `tokens` more tokens. The first token came with prefill. */
  decode(tokens: number): Promise<void>
  /** Ends the request; the prompt and what was generated stay in the worker's cache. */
  finish(outputTokens: number): EngineTimings
}

/** Times in fractional milliseconds, with the arithmetic of real traces: ttft = wait + prefill. */
export interface EngineTimings {
  readonly prefillWaitMs: number
  readonly prefillMs: number
  /** Absent when the request ended before its first token. */
  readonly ttftMs?: number
  readonly totalMs: number
  /** (total - ttft) / (output tokens - 1); absent below two output tokens. */
  readonly avgItlMs?: number
}
