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
  /** What each prefill takes besides its tokens. @defaultValue 5 */
  readonly prefillOverheadMs?: number
  /** Requests that one worker serves at a time; more wait in the router's queue. @defaultValue 16 */
  readonly maxConcurrentPerWorker?: number
  /** All simulated times are divided by this. @defaultValue 1 */
  readonly speedup?: number
  /**
   * Epoch milliseconds, fractional; must be the clock that `Prompt.receivedMs` is read from.
   * @defaultValue the monotonic clock
   */
  readonly now?: () => number
  /**
   * Resolves after so many milliseconds of that clock; rejects with the signal's reason when it aborts.
   * @defaultValue real timers
   */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /**
   * Random u64 for worker ids. Those of real workers are above 2^53 (measured on Dynamo 1.2.1 to 1.6.1).
   * @defaultValue the system's random source
   */
  readonly randomU64?: () => bigint
}

/**
 * A simulated serving engine: a router in front of N workers, each with a KV
 * cache of its own. Times are real: a request takes as long as its figures say.
 */
export interface Engine {
  /**
   * Queues and places one request; resolves when a worker takes it. Rejects
   * only when `signal` aborts, with its reason. The signal goes on to hold for
   * the whole request: an abort frees the worker at once, whatever stage the
   * request is in.
   */
  admit(prompt: Prompt, signal: AbortSignal): Promise<EngineRequest>
  readonly workerIds: readonly bigint[]
  readonly blockSize: number
  /** What is open at this moment. */
  load(): EngineLoad
}

export interface EngineLoad {
  /** Requests that workers serve. */
  readonly running: number
  /** Requests in the router's queue. */
  readonly queued: number
}

/** The prompt as the engine sees it. */
export interface Prompt {
  /** The whole prompt as text, rendered so that a longer conversation starts with its earlier prompt. */
  readonly text: string
  /** Epoch milliseconds, fractional, when the frontend received the request. */
  readonly receivedMs: number
  /** In the router's queue a higher one goes first, equal ones in order of arrival. @defaultValue 0 */
  readonly priority?: number
}

/**
 * A request that a worker serves. The calls come in this order: prefill once,
 * decode any number of times, finish once. After an abort prefill and decode
 * reject with the signal's reason, and finish still tells the times up to it.
 */
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
  /**
   * Ends the request and frees its place; the prompt and what was generated
   * stay in the worker's cache. Further calls give the same timings.
   *
   * @param answerText What was generated, as `renderAnswer` gives it; without
   * it the prompt alone is cached.
   */
  finish(outputTokens: number, answerText?: string): EngineTimings
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
