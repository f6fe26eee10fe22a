// SPDX-License-Identifier: Apache-2.0
import { sessionHeadersDialect } from '@dynamo-agent/core'
import {
  createToolEventReceiver,
  createToolEventRelay,
  type ToolEventReceiverOptions,
} from '@dynamo-agent/transport-zmq'
import { encode } from '@msgpack/msgpack'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Push } from 'zeromq'
import { callId, context, toolStart } from './support.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function receiver(options: Partial<ToolEventReceiverOptions> = {}) {
  const records: unknown[] = []
  const sequences: bigint[] = []
  const rejected: string[] = []
  const receiving = await createToolEventReceiver({
    bind: 'tcp://127.0.0.1:0',
    onRecord: (record, sequence) => {
      records.push(record)
      sequences.push(sequence)
    },
    onRejected: (reason) => rejected.push(reason),
    ...options,
  })
  const push = new Push({ linger: 0 })
  push.connect(receiving.endpoint)
  cleanups.push(() => {
    push.close()
    return receiving.close()
  })
  return { receiving, push, records, sequences, rejected }
}

const topic = Buffer.from('agent-tool-events')
const sequence = Buffer.from([0, 0, 0, 0, 0, 0, 1, 2])
const record = encode({ schema: 'x' })

describe('what counts as a tool event', () => {
  it.each<[string, (Buffer | Uint8Array | string)[], string]>([
    ['two frames', [topic, record], 'frame-count'],
    ['four frames', [topic, sequence, record, record], 'frame-count'],
    ['another topic', ['agent-tool-event', sequence, record], 'other-topic'],
    ['a longer topic', ['agent-tool-events2', sequence, record], 'other-topic'],
    ['an empty topic', ['', sequence, record], 'other-topic'],
    ['JSON', [topic, sequence, '{"schema":"x"}'], 'not-msgpack'],
    ['garbage', [topic, sequence, Buffer.from([0xc1, 0xff, 0x00])], 'not-msgpack'],
    ['a map that is cut off', [topic, sequence, record.subarray(0, -1)], 'not-msgpack'],
    ['no bytes at all', [topic, sequence, ''], 'not-msgpack'],
    ['a msgpack number', [topic, sequence, encode(7)], 'not-msgpack'],
    ['msgpack nil', [topic, sequence, encode(null)], 'not-msgpack'],
    ['msgpack bytes', [topic, sequence, encode(new Uint8Array(3))], 'not-msgpack'],
  ])('rejects %s and goes on', async (_, frames, reason) => {
    const { receiving, push, records, rejected } = await receiver()
    await push.send(frames)
    await push.send([topic, sequence, record])
    await expect.poll(() => records).toEqual([{ schema: 'x' }])
    expect(rejected).toEqual([reason])
    expect(receiving.counters).toMatchObject({ received: 1, rejected: 1, byReason: { [reason]: 1 } })
  })

  it.each<[string, Buffer, bigint]>([
    ['8 bytes, big-endian', sequence, 258n],
    ['the largest u64', Buffer.alloc(8, 0xff), 18_446_744_073_709_551_615n],
    ['no bytes', Buffer.alloc(0), 0n],
    ['2 bytes', Buffer.from([1, 2]), 258n],
    ['more than 8 bytes', Buffer.concat([sequence, Buffer.from('text')]), 258n],
  ])('takes a sequence frame of %s', async (_, frame, expected) => {
    const { push, sequences } = await receiver()
    await push.send([topic, frame, record])
    await expect.poll(() => sequences).toEqual([expected])
  })

  it('ignores what follows the map, and takes arrays', async () => {
    const { push, records } = await receiver()
    await push.send([topic, sequence, Buffer.concat([record, Buffer.from('trailing')])])
    await push.send([topic, sequence, encode(['x', 1])])
    await expect.poll(() => records).toEqual([{ schema: 'x' }, ['x', 1]])
  })

  it('takes any topic when it is given none', async () => {
    const { push, records } = await receiver({ topic: '' })
    await push.send(['whatever', sequence, record])
    await expect.poll(() => records.length).toBe(1)
  })

  it('survives a handler that throws, and a peer that does not speak ZeroMQ', async () => {
    let calls = 0
    const { receiving, push, rejected } = await receiver({
      onRecord: () => {
        if (calls++ === 0) throw new Error('as tested')
      },
    })
    const stranger = connect(Number(new URL(receiving.endpoint).port), '127.0.0.1')
    stranger.on('error', () => undefined)
    stranger.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await push.send([topic, sequence, record])
    await push.send([topic, sequence, record])
    await expect.poll(() => receiving.counters.received).toBe(1)
    expect(rejected).toEqual(['handler-failed'])
  })
})

describe('listening', () => {
  it.each(['tcp://127.0.0.1:0', 'tcp://127.0.0.1:*', 'tcp://*:0', 'tcp://*:*', 'tcp://[::1]:0'])(
    'finds a free port for %s and names an endpoint to connect to',
    async (bind) => {
      const ids: unknown[] = []
      await using receiving = await createToolEventReceiver({ bind, onRecord: (value) => ids.push(callId(value)) })
      expect(receiving.endpoint).toMatch(/^tcp:\/\/(127\.0\.0\.1|\[::1\]):[1-9]\d*$/)
      await using relay = createToolEventRelay({ endpoint: receiving.endpoint, dialect: sessionHeadersDialect })
      relay.send(context, toolStart(1))
      await expect.poll(() => ids).toEqual(['call-1'])
    },
  )

  it('says so when the port is in use', async () => {
    const { receiving } = await receiver()
    const second = createToolEventReceiver({ bind: receiving.endpoint, onRecord: () => undefined })
    await expect(second).rejects.toMatchObject({ code: 'DYN_PORT_IN_USE' })
  })

  it.each(['', 'tcp://127.0.0.1', 'http://127.0.0.1:0', 'tcp://203.0.113.1:0'])('refuses to bind %j', async (bind) => {
    await expect(createToolEventReceiver({ bind, onRecord: () => undefined })).rejects.toMatchObject({
      code: 'DYN_INVALID_ENDPOINT',
    })
  })
})

describe('closing', () => {
  it('takes in what has arrived already', async () => {
    const { receiving, push, records } = await receiver()
    for (let index = 0; index < 2000; index++) await push.send([topic, sequence, record])
    await receiving.close()
    expect(records.length).toBe(2000)
  })

  it('may happen twice, returns the same promise, and frees the port at once', async () => {
    const { receiving } = await receiver()
    const first = receiving.close()
    expect(receiving.close()).toBe(first)
    await first
    await using again = await createToolEventReceiver({ bind: receiving.endpoint, onRecord: () => undefined })
    expect(again.endpoint).toBe(receiving.endpoint)
  })

  it('can wait for late events: until it is quiet, or until the limit', async () => {
    const { receiving, push } = await receiver()
    const sending = setInterval(() => void push.send([topic, sequence, record]), 10)
    expect(await receiving.drain(300, 600)).toBe(false)
    clearInterval(sending)
    expect(await receiving.drain(30, 5000)).toBe(true)
  })
})
