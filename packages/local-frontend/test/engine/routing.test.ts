// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { createTestEngine, serve, words } from './helpers.ts'

const signal = new AbortController().signal

describe('routing', () => {
  test('a conversation goes back to the worker that has its prefix', async () => {
    const engine = createTestEngine({ workers: 4 })
    const starts = ['one', 'two', 'three', 'four'].map((name) => words(name, 400))
    const first = await Promise.all(starts.map((text) => serve(engine, { text })))
    expect(new Set(first.map(({ request }) => request.workerId)).size).toBe(4)

    for (let turn = 1; turn < 5; turn++) {
      const again = starts.map((text) => serve(engine, { text: text + words('more', turn * 100) }))
      const served = await Promise.all(again)
      expect(served.map(({ request }) => request.workerId)).toEqual(first.map(({ request }) => request.workerId))
      for (const { request } of served) expect(request.cachedTokens).toBeGreaterThanOrEqual(384)
    }
  })

  test('when the preferred worker is full another one serves, without the cache', async () => {
    const engine = createTestEngine({ workers: 2, maxConcurrentPerWorker: 1 })
    const text = words('w', 640)
    const { request: first } = await serve(engine, { text })
    const occupant = await engine.admit({ text: text + words('other', 64), receivedMs: engine.clock.now() }, signal)
    expect(occupant.workerId).toBe(first.workerId)

    const { request: moved } = await serve(engine, { text: text + words('next', 64) })
    expect(moved.workerId).not.toBe(first.workerId)
    expect(moved.cachedTokens).toBe(0)
    expect(moved.kvHitRate).toBe(0)

    occupant.finish(0)
    const { request: back } = await serve(engine, { text: text + words('third', 64) })
    expect(back.cachedTokens).toBe(640)
  })

  test('load outweighs a small cached prefix', async () => {
    const engine = createTestEngine({ workers: 2 })
    const shared = words('shared', 128)
    const { request: first } = await serve(engine, { text: shared })
    const long = await engine.admit({ text: shared + words('long', 2000), receivedMs: engine.clock.now() }, signal)
    expect(long.workerId).toBe(first.workerId)
    const other = await engine.admit({ text: shared + words('short', 100), receivedMs: engine.clock.now() }, signal)
    expect(other.workerId).not.toBe(first.workerId)
    long.finish(0)
    other.finish(0)
  })

  test('blocks that running requests hold are load', async () => {
    const engine = createTestEngine({ workers: 2 })
    const [one, two] = engine.workerIds
    const running = await engine.admit({ text: words('long', 2000), receivedMs: 0 }, signal)
    await running.prefill()
    const small = await engine.admit({ text: words('small', 100), receivedMs: 0 }, signal)
    await small.prefill()
    const third = await engine.admit({ text: words('third', 100), receivedMs: 0 }, signal)
    expect([running, small, third].map(({ workerId }) => workerId)).toEqual([one, two, two])
    for (const request of [running, small, third]) request.finish(0)
  })

  test('tokens that running requests have still to prefill are load', async () => {
    const engine = createTestEngine({ workers: 2 })
    const [one, two] = engine.workerIds
    const waiting = await engine.admit({ text: words('one', 1000), receivedMs: 0 }, signal)
    const prefilled = await engine.admit({ text: words('two', 1000), receivedMs: 0 }, signal)
    await prefilled.prefill()
    const third = await engine.admit({ text: words('third', 100), receivedMs: 0 }, signal)
    expect([waiting, prefilled, third].map(({ workerId }) => workerId)).toEqual([one, two, two])
    for (const request of [waiting, prefilled, third]) request.finish(0)
  })

  test('what has ended is no load, neither more nor less than none', async () => {
    const engine = createTestEngine({ workers: 2 })
    const [one, two] = engine.workerIds
    const occupant = await engine.admit({ text: words('one', 10), receivedMs: 0 }, signal)
    expect((await serve(engine, { text: words('two', 1000) })).request.workerId).toBe(two)
    occupant.finish(0)
    expect((await serve(engine, { text: words('three', 1000) })).request.workerId).toBe(one)
  })

  test('equal costs spread over the workers from the first on', async () => {
    const engine = createTestEngine({ workers: 3 })
    const open = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => engine.admit({ text: words(name, 10), receivedMs: 0 }, signal)),
    )
    const [one, two, three] = engine.workerIds
    expect(open.map(({ workerId }) => workerId)).toEqual([one, two, three, one])
    for (const request of open) request.finish(0)
  })

  test('a prompt that waits for its prefill keeps what it found in the cache', async () => {
    const engine = createTestEngine({ workers: 1, cacheBlocks: 20 })
    const [a, b, c] = [words('a', 640), words('b', 640), words('c', 640)]
    for (const text of [a, b]) await serve(engine, { text })
    const waiting = await engine.admit({ text: a + words('more', 10), receivedMs: 0 }, signal)
    await serve(engine, { text: c })
    waiting.finish(0)
    expect((await serve(engine, { text: a + words('more', 10) })).request.cachedTokens).toBe(640)
  })

  test('a full cache forgets the conversation that rested longest', async () => {
    const engine = createTestEngine({ workers: 1, cacheBlocks: 20 })
    const texts = ['a', 'b', 'c'].map((name) => words(name, 640))
    const [a = '', b = '', c = ''] = texts
    for (const text of [a, b, a, c]) await serve(engine, { text })
    expect((await serve(engine, { text: a + words('more', 10) })).request.cachedTokens).toBe(640)
    expect((await serve(engine, { text: b })).request.cachedTokens).toBe(0)
  })
})
