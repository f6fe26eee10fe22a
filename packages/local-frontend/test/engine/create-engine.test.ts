// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/create-engine.ts'
import type { EngineOptions, EngineRequest } from '../../src/engine/engine.ts'
import { createTestEngine, serve, settle, words, type TestEngine } from './helpers.ts'

const idle = { running: 0, queued: 0 }

function admit(engine: TestEngine, text: string, options: { signal?: AbortSignal; priority?: number } = {}) {
  const { signal = new AbortController().signal, priority = 0 } = options
  return engine.admit({ text, receivedMs: engine.clock.now(), priority }, signal)
}

describe('the queue', () => {
  test('its depth counts the requests that waited when one came', async () => {
    const engine = createTestEngine({ workers: 1, maxConcurrentPerWorker: 2 })
    const served = await Promise.all(
      Array.from({ length: 6 }, (_, index) => serve(engine, { text: words('w', 20 + index) })),
    )
    expect(served.map(({ request }) => request.queueDepth)).toEqual([0, 0, 0, 1, 2, 3])
  })

  test('waiting in it is prefill wait', async () => {
    const engine = createTestEngine({
      workers: 1,
      maxConcurrentPerWorker: 1,
      prefillTokensPerSecond: 1000,
      prefillOverheadMs: 0,
      decodeTokensPerSecond: 100,
    })
    const [first, second] = await Promise.all([
      serve(engine, { text: words('a', 50), outputTokens: 6 }),
      serve(engine, { text: words('b', 50), outputTokens: 6 }),
    ])
    expect(first.timings).toMatchObject({ prefillWaitMs: 0, ttftMs: 50, totalMs: 100 })
    expect(second.timings).toMatchObject({ prefillWaitMs: 100, prefillMs: 50, ttftMs: 150, totalMs: 200 })
  })

  test('prefills of one worker follow each other, and waiting for the turn is prefill wait too', async () => {
    const engine = createTestEngine({ workers: 1, prefillTokensPerSecond: 1000, prefillOverheadMs: 0 })
    const served = await Promise.all(
      ['a', 'b', 'c'].map((name) => serve(engine, { text: words(name, 50), outputTokens: 1 })),
    )
    expect(served.map(({ timings }) => timings.prefillWaitMs)).toEqual([0, 50, 100])
    expect(served.map(({ timings }) => timings.prefillMs)).toEqual([50, 50, 50])
    expect(served.map(({ request }) => request.queueDepth)).toEqual([0, 0, 0])
  })

  test('is first come, first served, but for priorities', async () => {
    const engine = createTestEngine({ workers: 1, maxConcurrentPerWorker: 1 })
    const order: string[] = []
    const run = (name: string, priority: number) =>
      serve(engine, { text: name, priority, outputTokens: 2 }).then(() => order.push(name))
    await Promise.all([run('first', 0), run('second', 0), run('third', 0), run('urgent', 9), run('fourth', 0)])
    expect(order).toEqual(['first', 'urgent', 'second', 'third', 'fourth'])
  })

  test('a thousand requests at once all finish, never more at a time than the workers take', async () => {
    const engine = createTestEngine({ workers: 2, maxConcurrentPerWorker: 16 })
    let most = 0
    const served = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => {
        const request = await admit(engine, `${words('w', 30)} ${index}`)
        most = Math.max(most, engine.load().running)
        await request.prefill()
        await request.decode(4)
        return request.finish(5)
      }),
    )
    expect(served).toHaveLength(1000)
    expect(most).toBe(32)
    expect(engine.load()).toEqual(idle)
    expect(engine.clock.sleeping()).toBe(0)
  })
})

describe('an abort', () => {
  const gone = new Error('the client left')

  test('before anything takes no place', async () => {
    const engine = createTestEngine()
    await expect(admit(engine, 'text', { signal: AbortSignal.abort(gone) })).rejects.toBe(gone)
    expect(engine.load()).toEqual(idle)
  })

  test('in the queue leaves it', async () => {
    const engine = createTestEngine({ workers: 1, maxConcurrentPerWorker: 1 })
    const running = await admit(engine, 'running')
    const abort = new AbortController()
    const waiting = admit(engine, 'waiting', { signal: abort.signal })
    const next = admit(engine, 'next')
    await settle()
    expect(engine.load()).toEqual({ running: 1, queued: 2 })

    abort.abort(gone)
    await expect(waiting).rejects.toBe(gone)
    expect(engine.load()).toEqual({ running: 1, queued: 1 })
    running.finish(0)
    const served = await next
    expect(served.queueDepth).toBe(1)
    served.finish(0)
    expect(engine.load()).toEqual(idle)
  })

  test('while waiting for the prefill turn frees the place, and the next one gets its turn', async () => {
    const engine = createTestEngine({ workers: 1, prefillTokensPerSecond: 1000, prefillOverheadMs: 0 })
    const abort = new AbortController()
    const [first, second, third] = await Promise.all([
      admit(engine, words('a', 50)),
      admit(engine, words('b', 50), { signal: abort.signal }),
      admit(engine, words('c', 50)),
    ])
    const prefills = [first.prefill(), second.prefill(), third.prefill()]
    prefills[1]?.catch(() => undefined)
    abort.abort(gone)
    expect(engine.load()).toEqual({ running: 2, queued: 0 })
    await expect(prefills[1]).rejects.toBe(gone)
    await Promise.all([prefills[0], prefills[2]])
    expect(second.finish(0)).toEqual({ prefillWaitMs: 0, prefillMs: 0, totalMs: 0 })
    expect(third.finish(1).prefillWaitMs).toBe(50)
    first.finish(1)
    expect(engine.load()).toEqual(idle)
  })

  test('while prefilling ends the turn, and nothing of the prompt is cached', async () => {
    const engine = createTestEngine({ workers: 1, prefillTokensPerSecond: 1000, prefillOverheadMs: 0 })
    const abort = new AbortController()
    const text = words('w', 640)
    const first = await admit(engine, text, { signal: abort.signal })
    const prefill = first.prefill()
    const timer = engine.clock.sleep(100, new AbortController().signal).then(() => {
      abort.abort(gone)
    })
    await expect(prefill).rejects.toBe(gone)
    await timer
    expect(first.finish(0, 'never said')).toEqual({ prefillWaitMs: 0, prefillMs: 100, totalMs: 100 })
    const { request, timings } = await serve(engine, { text })
    expect(request.cachedTokens).toBe(0)
    expect(timings).toMatchObject({ prefillWaitMs: 0, prefillMs: 640 })
    expect(engine.load()).toEqual(idle)
  })

  test('at the very moment that a prefill ends still counts as before it', async () => {
    const abort = new AbortController()
    const engine = createTestEngine({
      sleep: () => {
        queueMicrotask(() => {
          abort.abort(gone)
        })
        return Promise.resolve()
      },
    })
    const request = await admit(engine, 'text', { signal: abort.signal })
    await expect(request.prefill()).rejects.toBe(gone)
    expect(request.finish(0)).not.toHaveProperty('ttftMs')
    expect(engine.load()).toEqual(idle)
  })

  test('while decoding frees the place at once, and the timings end there', async () => {
    const engine = createTestEngine({ prefillOverheadMs: 10, prefillTokensPerSecond: 1e9, decodeTokensPerSecond: 100 })
    const abort = new AbortController()
    const request = await admit(engine, words('w', 640), { signal: abort.signal })
    await request.prefill()
    await request.decode(10)
    const decode = request.decode(100)
    decode.catch(() => undefined)
    abort.abort(gone)
    expect(engine.load()).toEqual(idle)
    await expect(decode).rejects.toBe(gone)
    await expect(request.decode(1)).rejects.toBe(gone)
    await serve(engine, { text: 'later' })
    const timings = request.finish(11)
    expect(timings.totalMs).toBeCloseTo(110, 2)
    expect(timings.avgItlMs).toBeCloseTo(10, 2)
    expect((await serve(engine, { text: words('w', 641) })).request.cachedTokens).toBe(640)
  })

  test('of everything at once leaves nothing behind, and the engine serves on', async () => {
    const engine = createTestEngine({ workers: 2, maxConcurrentPerWorker: 4 })
    const abort = new AbortController()
    const all = Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => {
        return serve(engine, { text: `${words('w', 90)} ${index}`, signal: abort.signal })
      }),
    )
    const kept = Array.from({ length: 20 }, (_, index) => serve(engine, { text: `kept ${index}` }))
    await engine.clock.sleep(60, new AbortController().signal)
    abort.abort(gone)
    const outcomes = await all
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(150)
    await Promise.all(kept)
    expect(engine.load()).toEqual(idle)
    expect(engine.clock.sleeping()).toBe(0)
  })
})

describe('finishing', () => {
  test('counts once, however often it is called', async () => {
    const engine = createTestEngine()
    const request = await admit(engine, 'text')
    await request.prefill()
    const timings = request.finish(3)
    expect(request.finish(9)).toBe(timings)
    expect(engine.load()).toEqual(idle)
  })

  test('leaves the answer in the cache when its text is given, and the prompt alone otherwise', async () => {
    const engine = createTestEngine({ workers: 1 })
    const [spoken, silent, answer] = [words('spoken', 100), words('silent', 100), words('answer', 100)]
    await serve(engine, { text: spoken, answer })
    await serve(engine, { text: silent })
    const cached = async (text: string) => (await serve(engine, { text: text + answer })).request.cachedTokens
    expect(await cached(spoken)).toBe(192)
    expect(await cached(silent)).toBe(64)
  })
})

describe('an engine', () => {
  test('gives the same figures for the same requests', async () => {
    const run = async () => {
      const engine = createTestEngine({ workers: 3, maxConcurrentPerWorker: 2, cacheBlocks: 30 })
      const jobs = Array.from({ length: 40 }, (_, index) => {
        const text = words(`agent${'abcde'[index % 5] ?? ''}`, 100 + index * 10)
        return serve(engine, { text, outputTokens: 1 + (index % 7) })
      })
      const served = await Promise.all(jobs)
      return served.map(({ request, timings }) => ({ ...timings, ...pick(request) }))
    }
    expect(await run()).toEqual(await run())
  })

  test('has random worker ids that no double holds', () => {
    const ids = [createEngine({ workers: 8 }), createEngine({ workers: 8 })].flatMap((engine) => engine.workerIds)
    expect(new Set(ids).size).toBe(16)
    expect(ids.every((id) => id > 2n ** 53n && id < 2n ** 64n)).toBe(true)
  })

  test('really takes the time on real timers', async () => {
    const engine = createEngine({ prefillOverheadMs: 20, decodeTokensPerSecond: 1000 })
    const receivedMs = performance.timeOrigin + performance.now()
    const request = await engine.admit({ text: 'hello', receivedMs }, new AbortController().signal)
    await request.prefill()
    await request.decode(30)
    const timings = request.finish(31)
    expect(timings.prefillMs).toBeGreaterThanOrEqual(19)
    expect(timings.totalMs).toBeGreaterThanOrEqual(48)
    expect(timings.totalMs).toBeLessThan(5000)
  })

  test('rejects with the reason of the abort on real timers', async () => {
    const engine = createEngine({ prefillOverheadMs: 60_000 })
    const abort = new AbortController()
    const request = await engine.admit({ text: 'hello', receivedMs: Date.now() }, abort.signal)
    const prefill = request.prefill()
    const reason = new Error('the client left')
    abort.abort(reason)
    await expect(prefill).rejects.toBe(reason)
    expect(engine.load()).toEqual(idle)
  })

  test.each<[EngineOptions, string]>([
    [{ workers: 0 }, 'engine option workers is 0, not a whole number above 0'],
    [{ blockSize: 1.5 }, 'engine option blockSize is 1.5, not a whole number above 0'],
    [{ cacheBlocks: -1 }, 'engine option cacheBlocks is -1, not a whole number'],
    [{ prefillOverheadMs: Number.NaN }, 'engine option prefillOverheadMs is NaN, not a finite number, 0 or more'],
    [{ decodeTokensPerSecond: 0 }, 'engine option decodeTokensPerSecond is 0, not a number above 0'],
    [{ speedup: -2 }, 'engine option speedup is -2, not a number above 0'],
  ])('refuses %j', (options, message) => {
    let caught: unknown
    try {
      createEngine(options)
    } catch (error) {
      caught = error
    }
    expect(DynamoAgentError.isInstance(caught)).toBe(true)
    expect(caught).toMatchObject({ code: 'DYN_INVALID_OPTION', message })
  })
})

function pick({ workerId, inputTokens, cachedTokens, kvHitRate, queueDepth, blockHashes }: EngineRequest) {
  return { workerId, inputTokens, cachedTokens, kvHitRate, queueDepth, blockHashes }
}
