// SPDX-License-Identifier: Apache-2.0
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { LocalFrontend } from '../../src/index.ts'
import { chat, post, scriptOf, settle, start, startTraced, until } from '../support.ts'

function complete(frontend: LocalFrontend, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } }
    const outgoing = request(`${frontend.baseUrl}/chat/completions`, options, (response) => {
      response.resume().once('end', () => {
        resolve(response.statusCode)
      })
    })
    outgoing.once('error', reject).end(JSON.stringify({ ...chat, stream: true }))
  })
}

/** Asks for a stream and never reads a byte of it. */
function deafClient(frontend: LocalFrontend): Socket {
  const { hostname, port } = new URL(frontend.baseUrl)
  const body = JSON.stringify({ ...chat, stream: true })
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined).pause()
  const headers = ['host: localhost', 'content-type: application/json', `content-length: ${body.length}`]
  socket.write(['POST /v1/chat/completions HTTP/1.1', ...headers, '', body].join('\r\n'))
  onTestFinished(() => {
    socket.destroy()
  })
  return socket
}

test('a thousand clients at once are all served', async () => {
  const { frontend, rows } = await startTraced({
    model: {
      script: scriptOf('one two three four five'),
      engine: { workers: 4, maxConcurrentPerWorker: 64, speedup: 1000 },
    },
  })
  const agent = new Agent({ maxSockets: Infinity })
  const statuses = await Promise.all(Array.from({ length: 1000 }, () => complete(frontend, agent)))
  expect(statuses.every((status) => status === 200)).toBe(true)
  expect(await rows()).toHaveLength(1000)
  expect(frontend.counters.requests).toMatchObject({ received: 1000, aborted: 0, failed: 0, recorded: 1000 })
})

test('a client that stops reading is cut off in the end, leaves a row, and holds up nobody', async () => {
  const script = scriptOf('x'.repeat(1_500_000))
  const engine = { speedup: 1e6, workers: 1, maxConcurrentPerWorker: 2 }
  const { frontend } = await startTraced({ model: { script, engine }, stallTimeoutMs: 200 })
  deafClient(frontend)
  await until(() => frontend.counters.requests.received === 1)
  const other = await post(frontend, { ...chat, max_tokens: 3 })
  expect(other.status).toBe(200)
  await until(() => frontend.counters.requests.aborted === 1)
  expect(frontend.counters.requests.recorded).toBe(2)
})

test('half-open connections do not keep it from closing', async () => {
  const frontend = await start({ closeTimeoutMs: 200 })
  const { hostname, port } = new URL(frontend.baseUrl)
  const sockets = Array.from({ length: 20 }, () => connect(Number(port), hostname).on('error', () => undefined))
  for (const socket of sockets) socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: loc')
  await settle(20)
  await frontend.close()
  await expect(fetch(`${frontend.baseUrl}/models`)).rejects.toThrow()
})

test('closing lets a short answer end and cuts a long one off, which leaves a row', async () => {
  const slow = scriptOf('word '.repeat(1000))
  const { frontend } = await startTraced({
    model: { script: slow, engine: { decodeTokensPerSecond: 50 } },
    closeTimeoutMs: 300,
  })
  const cut = post(frontend, { ...chat, stream: true }).then((response) => response.text())
  const short = post(frontend, { ...chat, max_tokens: 2 }).then((response) => response.status)
  const outcomes = Promise.allSettled([cut, short])
  await until(() => frontend.counters.requests.received === 2)
  expect(frontend.close()).toBe(frontend.close())
  await frontend.close()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(frontend.counters.requests).toMatchObject({ recorded: 2, aborted: 1 })
})

test('closing does not wait for connections that are merely kept alive', async () => {
  const { frontend } = await startTraced({
    closeTimeoutMs: 10_000,
    model: { script: scriptOf('hello'), engine: { prefillOverheadMs: 100 } },
  })
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => {
    agent.destroy()
  })
  const answer = complete(frontend, agent)
  await until(() => frontend.counters.requests.received === 1)
  const startedMs = performance.now()
  await Promise.all([frontend.close(), answer])
  expect(performance.now() - startedMs).toBeLessThan(5000)
})
