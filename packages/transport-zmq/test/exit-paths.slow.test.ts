// SPDX-License-Identifier: Apache-2.0
import { createToolEventReceiver, createToolEventRelay, type ToolEventRelayCounters } from '@dynamo-agent/transport-zmq'
import { sessionHeadersDialect } from '@dynamo-agent/core'
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Pull } from 'zeromq'
import { callId, context, deadEndpoint, toolStart } from './support.ts'

function run(program: string, args: readonly (string | number)[]) {
  const child = spawn(
    process.execPath,
    [new URL(`programs/${program}.ts`, import.meta.url).pathname, ...args.map(String)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  const ended = new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr })
    }),
  )
  return { child, ended, output: () => stdout }
}

interface LastWords {
  /** Time in the loop that sends. */
  readonly sendingMs: number
  /** Time from the program's last statement to the end of the exit handlers. */
  readonly exitMs: number
  readonly counters: readonly ToolEventRelayCounters[]
}

function lastWords(stdout: string): LastWords {
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as LastWords
}

async function listen(bind = 'tcp://127.0.0.1:0') {
  const ids: (string | undefined)[] = []
  const receiver = await createToolEventReceiver({ bind, onRecord: (record) => ids.push(callId(record)) })
  return { receiver, ids }
}

const callIds = (count: number) => Array.from({ length: count }, (_, index) => `call-${index}`)

describe('with a live receiver, nothing is lost', () => {
  it.each([
    { name: 'a natural end without close', ending: 'natural-end', count: 500, code: 0 },
    { name: 'a natural end in the middle of a burst', ending: 'natural-end', count: 20_000, code: 0 },
    { name: 'process.exit in the first turn', ending: 'process.exit', count: 500, code: 0 },
    { name: 'an uncaught error', ending: 'uncaught', count: 500, code: 1 },
    { name: 'an awaited close', ending: 'close', count: 20_000, code: 0 },
    { name: 'SIGKILL after an awaited close', ending: 'close-then-kill', count: 5000, code: null },
  ])('by $name', async ({ ending, count, code }) => {
    const { receiver, ids } = await listen()
    const result = await run('sender', [receiver.endpoint, ending, count]).ended
    await receiver.drain(300, 10_000)
    await receiver.close()
    expect(ids).toEqual(callIds(count))
    expect(result.code).toBe(code)
    if (ending !== 'uncaught') expect(result.stderr).toBe('')
  })

  it('nor what is sent by a task in the last turn', async () => {
    const { receiver, ids } = await listen()
    expect(await run('sender', [receiver.endpoint, 'exit-task', 500]).ended).toMatchObject({ code: 0, stderr: '' })
    await receiver.drain(300, 10_000)
    await receiver.close()
    expect(ids).toEqual(callIds(501))
  })

  it('by SIGTERM whose handler awaits close', async () => {
    const { receiver, ids } = await listen()
    const { child, ended, output } = run('sender', [receiver.endpoint, 'sigterm-handler', 500])
    await expect.poll(output, { timeout: 10_000 }).toContain('ready')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 143, stderr: '' })
    await receiver.close()
    expect(ids).toEqual(callIds(500))
  })
})

describe('a worker thread', () => {
  it.each(['natural-end', 'process.exit', 'close'])(
    'that ends by %s delivers everything and leaves the heap of the process intact',
    async (ending) => {
      const { stdout, ...result } = await run('worker', [ending]).ended
      expect(result).toEqual({ code: 0, signal: null, stderr: '' })
      expect(JSON.parse(stdout)).toMatchObject({ received: 4000, rejected: 0 })
    },
  )
})

describe('a signal that nobody handles', () => {
  it('loses what was not sent yet', async () => {
    const { receiver, ids } = await listen()
    const { signal } = await run('sender', [receiver.endpoint, 'sigterm-default', 500]).ended
    await receiver.close()
    expect(signal).toBe('SIGTERM')
    expect(ids).toEqual([])
  })
})

describe('without a receiver', () => {
  it.each(['natural-end', 'process.exit', 'close'])(
    'a process that ends by %s is over within a second and has counted the lost',
    async (ending) => {
      const { code, stdout, stderr } = await run('sender', [await deadEndpoint(), ending, 20_000]).ended
      const { counters, exitMs } = lastWords(stdout)
      expect(counters).toMatchObject([{ queued: 0, sent: 0, dropped: 20_000, byReason: { undelivered: 20_000 } }])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(exitMs).toBeLessThan(1000)
    },
  )

  it('many relays wait together, not one after the other, and warn nobody', async () => {
    const { stdout, stderr } = await run('sender', [await deadEndpoint(), 'natural-end', 5, 500, 12]).ended
    const { counters, exitMs } = lastWords(stdout)
    expect(counters.map(({ dropped }) => dropped)).toEqual(Array.from({ length: 12 }, () => 5))
    expect(exitMs).toBeLessThan(1500)
    expect(stderr).toBe('')
  })
})

describe('a receiver that comes 700 ms late', () => {
  const endings = ['close', 'natural-end', 'process.exit']
  it.each(endings)('gets everything from a process that ends by %s', async (ending) => {
    const endpoint = await deadEndpoint()
    const { ended } = run('sender', [endpoint, ending, 500, 4000])
    await delay(700)
    const { receiver, ids } = await listen(endpoint)
    const { stdout } = await ended
    // What was sent may still be on its way to a receiver that is busy.
    await expect.poll(() => ids.length, { timeout: 10_000 }).toBe(500)
    await receiver.close()
    expect(ids).toEqual(callIds(500))
    expect(lastWords(stdout).counters).toMatchObject([{ sent: 500, dropped: 0 }])
  })
})

describe('a receiver that reads slowly', () => {
  it.each(['close', 'natural-end', 'process.exit', 'uncaught'])('gets everything from a process that ends by %s', async (ending) => {
    const count = 20_000
    const pull = new Pull({ receiveHighWaterMark: 1, receiveBufferSize: 16_384, receiveTimeout: 5000 })
    await pull.bind('tcp://127.0.0.1:0')
    const { ended } = run('sender', [pull.lastEndpoint ?? '', ending, count, 4000])
    // Until every buffer between them is full, so that libzmq still has messages when the process ends.
    await pull.receive()
    await delay(1000)
    for (let received = 1; received < count; received++) {
      await pull.receive()
      if (received % 100 === 0) await delay(1)
    }
    pull.close()
    expect(lastWords((await ended).stdout).counters).toMatchObject([{ sent: count, dropped: 0 }])
  })
})

describe('a receiver that is killed and started again', () => {
  it('gets everything that was sent while it was down and afterwards, once', async () => {
    const endpoint = await deadEndpoint()
    const first = run('receiver', [endpoint])
    await expect.poll(first.output, { timeout: 10_000 }).toContain('ready')
    await using relay = createToolEventRelay({ endpoint, dialect: sessionHeadersDialect })
    let count = 0
    const sending = setInterval(() => relay.send(context, toolStart(count++)), 2)
    await expect.poll(first.output, { timeout: 10_000 }).toContain('call-100')

    first.child.kill('SIGKILL')
    await first.ended
    await delay(200)
    const sentWhileDown = count
    await delay(200)
    expect(relay.counters.queued, 'kept while it is down').toBeGreaterThan(0)

    const second = run('receiver', [endpoint])
    await expect.poll(second.output, { timeout: 10_000 }).toContain(`call-${sentWhileDown + 100}`)
    clearInterval(sending)
    await relay.close()
    await expect.poll(second.output, { timeout: 10_000 }).toContain(`call-${count - 1}\n`)
    second.child.kill('SIGKILL')
    await second.ended

    const arrived = [first, second].flatMap(({ output }) => output().match(/call-\d+/g) ?? [])
    expect(new Set(arrived).size, 'no duplicates').toBe(arrived.length)
    const lost = callIds(count).filter((id) => !arrived.includes(id))
    expect(lost.filter((id) => Number(id.slice(5)) >= sentWhileDown)).toEqual([])
    expect(relay.counters).toMatchObject({ queued: 0, sent: count, dropped: 0 })
    // In flight when it was killed: nobody can know about these but the receiver.
    expect(lost.length).toBeLessThan(100)
  })
})

describe('a receiver that dies in the instant of a hand-over', () => {
  it('costs nothing: the event goes to the next receiver', async () => {
    const endpoint = await deadEndpoint()
    const first = run('receiver', [endpoint])
    await expect.poll(first.output, { timeout: 10_000 }).toContain('ready')
    // An event is encoded after the relay saw room for it and before it is sent.
    let encoded = 0
    await using relay = createToolEventRelay({
      endpoint,
      dialect: () => {
        if (encoded++ === 1) {
          first.child.kill('SIGKILL')
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
        }
        return sessionHeadersDialect
      },
    })
    relay.send(context, toolStart(0))
    await expect.poll(first.output, { timeout: 10_000 }).toContain('call-0')
    relay.send(context, toolStart(1))
    relay.send(context, toolStart(2))
    await first.ended
    expect(relay.counters).toMatchObject({ queued: 2, sent: 1, dropped: 0 })

    const { receiver, ids } = await listen(endpoint)
    await expect.poll(() => ids.length, { timeout: 10_000 }).toBe(2)
    await receiver.close()
    expect(ids).toEqual(['call-1', 'call-2'])
    expect(relay.counters).toMatchObject({ queued: 0, sent: 3, dropped: 0 })
  })
})

describe('a host without the native module', () => {
  it('gets counted drops and a problem to show, never an exception', async () => {
    const { stdout, stderr, code } = await run('without-zeromq', []).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      first: true,
      second: false,
      counters: { queued: 0, sent: 0, dropped: 2, byReason: { unavailable: 2 } },
      problem: 'DYN_ZMQ_UNAVAILABLE',
      receiver: 'DYN_ZMQ_UNAVAILABLE',
    })
  })
})
