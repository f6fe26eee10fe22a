// SPDX-License-Identifier: Apache-2.0
import { expect } from 'vitest'

/** The figures of one served request, from a real trace row or from the simulated engine. */
export interface ServingFigures {
  readonly blockSize: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  readonly kvHitRate: number
  readonly hashes: number
  readonly prefillWaitMs: number
  readonly prefillMs: number
  readonly ttftMs: number
  readonly totalMs: number
  readonly avgItlMs: number | undefined
}

/** What holds for every row that Dynamo writes, and so must hold for ours. */
export function expectServingArithmetic(figures: ServingFigures): void {
  const { blockSize, inputTokens, outputTokens, cachedTokens, ttftMs, totalMs } = figures
  const blocks = Math.ceil(inputTokens / blockSize)
  expect(figures.hashes).toBe(blocks)
  expect(cachedTokens % blockSize).toBe(0)
  expect(cachedTokens).toBeLessThan(inputTokens)
  expect(figures.kvHitRate).toBeCloseTo(cachedTokens / blockSize / blocks, 12)
  expect(figures.prefillWaitMs).toBeGreaterThanOrEqual(0)
  expect(figures.prefillMs).toBeGreaterThan(0)
  expect(ttftMs).toBeCloseTo(figures.prefillWaitMs + figures.prefillMs, 9)
  expect(totalMs).toBeGreaterThanOrEqual(ttftMs)
  if (outputTokens < 2) expect(figures.avgItlMs).toBeUndefined()
  else expect(figures.avgItlMs).toBeCloseTo((totalMs - ttftMs) / (outputTokens - 1), 9)
}
