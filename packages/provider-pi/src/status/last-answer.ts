// SPDX-License-Identifier: Apache-2.0
import type { PiMessage } from '../pi/host.ts'

/** What is shown of the last answer of the model. */
export interface LastAnswer {
  /** Input tokens, those from the cache included. */
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  /** Why there was no answer, in Dynamo's own words. */
  readonly error?: string
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
  }
}

/** Whole percent of the input that came from the cache. */
export function cachedPercent({ inputTokens, cachedTokens }: LastAnswer): number {
  return inputTokens === 0 ? 0 : Math.round((100 * cachedTokens) / inputTokens)
}
