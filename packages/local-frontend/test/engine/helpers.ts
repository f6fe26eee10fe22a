// SPDX-License-Identifier: Apache-2.0
import { createEngine } from '../../src/engine/create-engine.ts'
import type { Engine, EngineOptions, EngineRequest, EngineTimings } from '../../src/engine/engine.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

/** Numbers between 0 and 1, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A text of exactly so many tokens: a word is one token, and none of them is another prompt's. */
export function words(name: string, count: number): string {
  return Array.from({ length: count }, (_, index) => ` ${name}${letters(index)}`).join('')
}

function letters(index: number): string {
  return index.toString(26).replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))
}

export interface TestEngine extends Engine {
  readonly clock: VirtualClock
}

/** An engine on a virtual clock whose workers have the ids 2^63, 2^63 + 1, … */
export function createTestEngine(options: EngineOptions = {}): TestEngine {
  const clock = createVirtualClock()
  let nextId = 2n ** 63n
  return Object.assign(createEngine({ now: clock.now, sleep: clock.sleep, randomU64: () => nextId++, ...options }), {
    clock,
  })
}

export interface Served {
  readonly request: EngineRequest
  readonly timings: EngineTimings
}

export interface Job {
  readonly text: string
  readonly answer?: string
  readonly outputTokens?: number
  readonly signal?: AbortSignal
  readonly priority?: number
}

/** Plays one request from arrival to end. */
export async function serve(engine: TestEngine, job: Job): Promise<Served> {
  const { text, answer, outputTokens = 8, signal = new AbortController().signal, priority = 0 } = job
  const request = await engine.admit({ text, receivedMs: engine.clock.now(), priority }, signal)
  await request.prefill()
  await request.decode(outputTokens - 1)
  return { request, timings: request.finish(outputTokens, answer) }
}

/** Lets everything run that waits for no timer. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
