// SPDX-License-Identifier: Apache-2.0
import type { Nvext } from '@dynamo-agent/client/nvext'
import type { PiMessage } from '../pi/host.ts'

/** What is shown of the last answer of the model. */
export interface LastAnswer {
  /** Input tokens, those from the cache included. */
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  /** Why there was no answer, in Dynamo's own words. */
  readonly error?: string
  /** The user stopped it: its tokens were not counted. */
  readonly isAborted?: true
  /** How Dynamo served it; absent where Pi does not let us see that. */
  readonly served?: Nvext
}

/** @returns undefined for messages that are none of Dynamo's answers. */
export function readLastAnswer({ role, provider, usage, stopReason, errorMessage }: PiMessage): LastAnswer | undefined {
  if (role !== 'assistant' || provider !== 'dynamo') return undefined
  const { input = 0, cacheRead = 0, output = 0 } = usage ?? {}
  return {
    inputTokens: input + cacheRead,
    cachedTokens: cacheRead,
    outputTokens: output,
    ...(stopReason === 'error' && { error: errorMessage ?? 'no reason given' }),
    ...(stopReason === 'aborted' && { isAborted: true }),
  }
}

/**
 * Whole percent of the input that came from the cache. Dynamo before 1.5 does
 * not count cached tokens in the usage (measured); there its router's count of
 * blocks has to do.
 */
export function cachedPercent({ inputTokens, cachedTokens, served }: LastAnswer): number {
  const share = cachedTokens > 0 ? cachedTokens / inputTokens : (served?.timing?.kvHitRate ?? 0)
  return Math.round(100 * share)
}
