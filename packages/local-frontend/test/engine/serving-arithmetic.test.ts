// SPDX-License-Identifier: Apache-2.0
import { decodeHashes, parseTraceLine, type RequestMetrics } from '@dynamo-agent/core'
import { fixtureFolder, readLines } from '@dynamo-agent/fixtures'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTestEngine, seededRandom, serve, words, type Served } from './helpers.ts'
import { expectServingArithmetic } from './serving-arithmetic.ts'

const runs = ['1.2.1', '1.5.1', '1.6.1'].map((release) => `dynamo-${release}-agent-run.jsonl`)

describe('the arithmetic of served requests', () => {
  test.each(runs)('holds in %s', (file) => {
    const requests = readLines(join(fixtureFolder, file)).flatMap((line) => {
      const parsed = parseTraceLine(line)
      return parsed.kind === 'record' && parsed.record.type === 'request_end' ? [parsed.record.request] : []
    })
    expect(requests.length).toBeGreaterThan(20)
    for (const request of requests) expectRealArithmetic(request)
  })

  test.each([1, 2, 3, 4])('holds for random agents side by side (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const engine = createTestEngine({ workers: 3, cacheBlocks: 200, maxConcurrentPerWorker: 2 })
    const agents = Array.from({ length: 8 }, async (_, agent) => {
      let text = `<|system|>${words('shared', 300)}<|end|>${words(`agent${'abcdefgh'[agent] ?? ''}`, 80)}<|assistant|>`
      for (let turn = 0; turn < 6; turn++) {
        const answer = words(`answer${'abcdef'[turn] ?? ''}`, 1 + Math.floor(random() * 60))
        const outputTokens = 1 + Math.floor(random() * 60)
        expectSimulatedArithmetic(await serve(engine, { text, answer, outputTokens }), outputTokens)
        text += `${answer}<|end|><|tool|>${words('result', Math.floor(random() * 500))}<|end|><|assistant|>`
      }
    })
    await Promise.all(agents)
    expect(engine.load()).toEqual({ running: 0, queued: 0 })
    expect(engine.clock.sleeping()).toBe(0)
  })

  test('a conversation on one worker finds all whole blocks of its last prompt and answer', async () => {
    const random = seededRandom(11)
    const engine = createTestEngine({ workers: 1 })
    let text = `<|user|>${words('task', 100)}<|end|><|assistant|>`
    let reusable = 0
    for (let turn = 0; turn < 20; turn++) {
      const length = Math.floor(random() * 150)
      const answer = words('answer', length)
      const { request } = await serve(engine, { text, answer, outputTokens: Math.max(1, length) })
      expect(request.cachedTokens).toBe(Math.floor(reusable / 64) * 64)
      reusable = request.inputTokens + length
      text += `${answer}<|end|><|tool|>${words('result', Math.floor(random() * 300))}<|end|><|assistant|>`
    }
  })

  test('times are those of the rates: overhead and uncached tokens, then one token after the other', async () => {
    const engine = createTestEngine({ prefillTokensPerSecond: 1000, prefillOverheadMs: 7, decodeTokensPerSecond: 100 })
    const text = words('w', 500)
    const cold = await serve(engine, { text, outputTokens: 11 })
    expect(cold.timings).toMatchObject({ prefillWaitMs: 0, prefillMs: 507, ttftMs: 507, totalMs: 607, avgItlMs: 10 })
    const warm = await serve(engine, { text, outputTokens: 1 })
    expect(warm.request.cachedTokens).toBe(448)
    expect(warm.timings).toEqual({ prefillWaitMs: 0, prefillMs: 59, ttftMs: 59, totalMs: 59 })
  })

  test('speedup divides all times', async () => {
    const engine = createTestEngine({
      prefillTokensPerSecond: 1000,
      prefillOverheadMs: 0,
      decodeTokensPerSecond: 100,
      speedup: 8,
    })
    const { timings } = await serve(engine, { text: words('w', 400), outputTokens: 21 })
    expect(timings).toMatchObject({ prefillMs: 50, totalMs: 75 })
  })

  test('decoding in pieces takes no longer than decoding at once', async () => {
    const engine = createTestEngine({ decodeTokensPerSecond: 30 })
    const signal = new AbortController().signal
    const request = await engine.admit({ text: 'hello', receivedMs: engine.clock.now() }, signal)
    await request.prefill()
    for (let token = 1; token < 61; token++) await request.decode(1)
    expect(request.finish(61).avgItlMs).toBeCloseTo(1000 / 30, 3)
  })

  test('of a prompt that is cached in whole the last block is computed again', async () => {
    const engine = createTestEngine({ workers: 1 })
    const text = words('w', 640)
    await serve(engine, { text })
    const { request } = await serve(engine, { text })
    expect(request).toMatchObject({ inputTokens: 640, cachedTokens: 576, kvHitRate: 0.9 })
  })
})

function expectRealArithmetic(request: RequestMetrics): void {
  expectServingArithmetic({
    blockSize: request.replay!.blockSize,
    inputTokens: request.inputTokens!,
    outputTokens: request.outputTokens!,
    cachedTokens: request.cachedTokens!,
    kvHitRate: request.kvHitRate!,
    hashes: decodeHashes(request.replay!).length,
    prefillWaitMs: request.prefillWaitMs!,
    prefillMs: request.prefillMs!,
    ttftMs: request.ttftMs!,
    totalMs: request.totalMs!,
    avgItlMs: request.avgItlMs,
  })
}

function expectSimulatedArithmetic({ request, timings }: Served, outputTokens: number): void {
  expect(timings.ttftMs).toBe(timings.prefillWaitMs + timings.prefillMs)
  expectServingArithmetic({
    blockSize: 64,
    inputTokens: request.inputTokens,
    outputTokens,
    cachedTokens: request.cachedTokens,
    kvHitRate: request.kvHitRate,
    hashes: request.blockHashes.length,
    prefillWaitMs: timings.prefillWaitMs,
    prefillMs: timings.prefillMs,
    ttftMs: timings.ttftMs!,
    totalMs: timings.totalMs,
    avgItlMs: timings.avgItlMs,
  })
}
