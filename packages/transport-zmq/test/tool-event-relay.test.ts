// SPDX-License-Identifier: Apache-2.0
import { agentContextBodyDialect, createToolTracker, sessionHeadersDialect, type Dialect } from '@dynamo-agent/core'
import { createToolEventReceiver, createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { Pull } from 'zeromq'
import { callId, context, deadEndpoint, toolStart } from './support.ts'

const dialect = sessionHeadersDialect
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function rawReceiver() {
  const pull = new Pull({ linger: 0, receiveTimeout: 5000 })
  cleanups.push(() => {
    pull.close()
  })
  await pull.bind('tcp://127.0.0.1:0')
  return { pull, endpoint: pull.lastEndpoint! }
}

async function receiver() {
  const ids: (string | undefined)[] = []
  const receiving = await createToolEventReceiver({
    bind: 'tcp://127.0.0.1:0',
    onRecord: (record) => ids.push(callId(record)),
  })
  cleanups.push(() => receiving.close())
  return { ids, receiving, endpoint: receiving.endpoint }
}

function relayTo(endpoint: string, options: Partial<Parameters<typeof createToolEventRelay>[0]> = {}) {
  const relay = createToolEventRelay({ endpoint, dialect, ...options })
  cleanups.push(() => relay.close())
  return relay
}

describe('the wire', () => {
  it('carries three frames: topic, 8-byte big-endian sequence, msgpack map', async () => {
    const { pull, endpoint } = await rawReceiver()
    const relay = relayTo(endpoint)
    relay.send(context, toolStart(1))
    relay.send(context, toolStart(2))
    const first = await pull.receive()
    const second = await pull.receive()
    expect(first.map((frame) => frame.length)).toEqual([17, 8, expect.any(Number)])
    expect(first[0]!.toString()).toBe('agent-tool-events')
    expect([first[1]!.readBigUInt64BE(), second[1]!.readBigUInt64BE()]).toEqual([0n, 1n])
    expect(first[2]![0]! & 0xf0, 'a fixmap').toBe(0x80)
  })

  it('writes epoch milliseconds as uint64, never as a float', async () => {
    const { pull, endpoint } = await rawReceiver()
    relayTo(endpoint).send(context, toolStart(1))
    const [, , payload] = await pull.receive()
    const uint64 = Buffer.alloc(9, 0xcf)
    uint64.writeBigUInt64BE(1_780_000_000_123n, 1)
    expect(payload!.includes(uint64)).toBe(true)
    expect(payload!.includes(0xcb), 'no float64').toBe(false)
  })

  it('uses the given topic', async () => {
    const { pull, endpoint } = await rawReceiver()
    relayTo(endpoint, { topic: 'other' }).send(context, toolStart(1))
    const [topic] = await pull.receive()
    expect(topic!.toString()).toBe('other')
  })

  it('asks for the dialect when an event is written, so detection may come late', async () => {
    const { pull, endpoint } = await rawReceiver()
    let detected: Dialect = sessionHeadersDialect
    relayTo(endpoint, { dialect: () => detected }).send(context, toolStart(1))
    detected = agentContextBodyDialect
    const [, , payload] = await pull.receive()
    expect(payload!.toString('latin1')).toContain('dynamo.agent.trace.v1')
  })
})

describe('send', () => {
  it('delivers 20,000 events sent as fast as possible to a live receiver, in order', async () => {
    const { ids, endpoint } = await receiver()
    const relay = relayTo(endpoint)
    for (let index = 0; index < 20_000; index++) expect(relay.send(context, toolStart(index))).toBe(true)
    await relay.close()
    await expect.poll(() => ids.length, { timeout: 10_000 }).toBe(20_000)
    expect(ids).toEqual(Array.from({ length: 20_000 }, (_, index) => `call-${index}`))
    expect(relay.counters).toMatchObject({ queued: 0, sent: 20_000, dropped: 0 })
  })

  it('fits the emit of a tool tracker', async () => {
    const { ids, receiving, endpoint } = await receiver()
    const relay = relayTo(endpoint)
    const tracker = createToolTracker({ emit: relay.send })
    tracker.start(context, { toolCallId: 'a', toolClass: 'bash' })
    tracker.end(context, 'a', { status: 'succeeded', outputBytes: 3 })
    await relay.flush()
    await receiving.drain(50, 5000)
    expect(ids).toEqual(['a', 'a'])
  })

  it('tells how long events have been waiting and none was taken', async () => {
    const endpoint = await deadEndpoint()
    const relay = relayTo(endpoint)
    expect(relay.waitingMs).toBe(0)
    relay.send(context, toolStart(0))
    await delay(100)
    relay.send(context, toolStart(1))
    // Timers may come a millisecond early.
    expect(relay.waitingMs).toBeGreaterThanOrEqual(99)
    const receiving = await createToolEventReceiver({ bind: endpoint, onRecord: () => undefined })
    cleanups.push(() => receiving.close())
    await expect.poll(() => relay.counters.sent, { timeout: 10_000 }).toBe(2)
    expect(relay.waitingMs).toBe(0)
  })

  it('drops and counts what exceeds the capacity', async () => {
    const relay = relayTo(await deadEndpoint(), { capacity: 3, lingerMs: 0 })
    const taken = [0, 1, 2, 3, 4].map((index) => relay.send(context, toolStart(index)))
    expect(taken).toEqual([true, true, true, false, false])
    expect(relay.counters).toMatchObject({ queued: 3, sent: 0, dropped: 2, byReason: { capacity: 2 } })
  })

  it('counts an event that the dialect cannot write and goes on', async () => {
    const { ids, endpoint } = await receiver()
    const failing: Dialect = {
      ...dialect,
      encodeToolEvent: (from, event) => {
        if (event.tool.toolCallId === 'call-1') throw new Error('as tested')
        return dialect.encodeToolEvent(from, event)
      },
    }
    const relay = relayTo(endpoint, { dialect: failing })
    for (const index of [0, 1, 2]) relay.send(context, toolStart(index))
    await relay.flush()
    await expect.poll(() => ids).toEqual(['call-0', 'call-2'])
    expect(relay.counters).toMatchObject({ sent: 2, dropped: 1, byReason: { encode: 1 } })
  })

  it('keeps events until a receiver comes', async () => {
    const endpoint = await deadEndpoint()
    const relay = relayTo(endpoint)
    relay.send(context, toolStart(1))
    await relay.flush()
    expect(relay.counters).toMatchObject({ queued: 1, sent: 0 })
    const ids: unknown[] = []
    const late = await createToolEventReceiver({ bind: endpoint, onRecord: (record) => ids.push(callId(record)) })
    cleanups.push(() => late.close())
    await expect.poll(() => ids, { timeout: 5000 }).toEqual(['call-1'])
    expect(relay.counters).toMatchObject({ queued: 0, sent: 1, dropped: 0 })
  })
})

describe('close', () => {
  it('delivers what waits', async () => {
    const { ids, endpoint } = await receiver()
    const relay = relayTo(endpoint)
    for (let index = 0; index < 500; index++) relay.send(context, toolStart(index))
    await relay.close()
    await expect.poll(() => ids.length).toBe(500)
  })

  it('is over in time without a receiver, and counts the lost', async () => {
    const relay = relayTo(await deadEndpoint(), { lingerMs: 100 })
    for (let index = 0; index < 7; index++) relay.send(context, toolStart(index))
    const startedAt = performance.now()
    await relay.close()
    expect(performance.now() - startedAt).toBeLessThan(1000)
    expect(relay.counters).toMatchObject({ queued: 0, sent: 0, dropped: 7, byReason: { undelivered: 7 } })
  })

  it('may be called twice, returns the same promise, and counts what is sent afterwards', async () => {
    const relay = relayTo(await deadEndpoint())
    const first = relay.close()
    expect(relay.close()).toBe(first)
    await first
    expect(relay.send(context, toolStart(1))).toBe(false)
    expect(relay.counters).toMatchObject({ dropped: 1, byReason: { closed: 1 } })
  })

  it('happens at the end of an `await using` block', async () => {
    const { ids, endpoint } = await receiver()
    {
      await using relay = createToolEventRelay({ endpoint, dialect })
      relay.send(context, toolStart(1))
    }
    await expect.poll(() => ids).toEqual(['call-1'])
  })
})

describe('a relay that cannot work', () => {
  it.each([[''], ['20390'], ['tcp://127.0.0.1'], ['tcp://127.0.0.1:0'], ['http://127.0.0.1:8000'], ['tcp://a b:1']])(
    'refuses the endpoint %j when it is made',
    (endpoint) => {
      expect(() => createToolEventRelay({ endpoint, dialect })).toThrow(
        expect.objectContaining({ code: 'DYN_INVALID_ENDPOINT' }),
      )
    },
  )

  it.each([{ capacity: 0 }, { capacity: Number.NaN }, { lingerMs: -1 }])('refuses %j', (options) => {
    expect(() => createToolEventRelay({ endpoint: 'tcp://127.0.0.1:1', dialect, ...options })).toThrow(
      expect.objectContaining({ code: 'DYN_INVALID_OPTION' }),
    )
  })

  it('connects to this host when it is given a bind form', async () => {
    const { ids, endpoint } = await receiver()
    relayTo(endpoint.replace('127.0.0.1', '*')).send(context, toolStart(1))
    await expect.poll(() => ids).toEqual(['call-1'])
  })

  it('shows an endpoint that only libzmq can refuse as its problem, and counts the events', async () => {
    const relay = relayTo(`ipc://${'x'.repeat(300)}`)
    relay.send(context, toolStart(1))
    await relay.flush()
    expect(relay.problem).toMatchObject({ code: 'DYN_INVALID_ENDPOINT' })
    expect(relay.send(context, toolStart(2))).toBe(false)
    expect(relay.counters).toMatchObject({ queued: 0, sent: 0, dropped: 2, byReason: { unavailable: 2 } })
  })
})
