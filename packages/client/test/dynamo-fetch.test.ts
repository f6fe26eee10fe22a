// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Agent, fetch as undiciFetch } from 'undici'
import { createDynamoFetch, readNvext, type Nvext } from '../src/index.ts'
import { freePort, gate, readHttpBody, releases, runProgram, serve } from './support.ts'

/** undici's own clock, by which it measures its time-outs; moving it saves the test the wait. */
const { tick } = createRequire(import.meta.url)('undici/lib/util/timers.js') as { tick: (milliseconds: number) => void }

const code = (error: unknown) => ((error as Error).cause as { code?: string } | undefined)?.code

describe('a long wait', () => {
  /** Two requests to a server that stalls: one by our fetch, one, as control group, by undici's defaults. */
  async function stalled(path: '/no-headers' | '/no-body') {
    const [arrived, released] = [gate(), gate()]
    let requests = 0
    const server = await serve((request, response) => {
      if (request.url === '/no-body') response.write('first ')
      void released.promise.then(() => response.end('last'))
      if (++requests === 2) arrived.open()
    })
    const ours = createDynamoFetch()
    const control = new Agent()
    const body = ours(server.url + path).then((response) => response.text())
    const timedOut = undiciFetch(server.url + path, { dispatcher: control })
      .then((response) => response.text())
      .then(() => 'no time-out', code)
    await arrived.promise
    if (path === '/no-body') await sleep(50)
    tick(0)
    tick(400_000)
    return {
      body,
      timedOut,
      release: released.open,
      [Symbol.asyncDispose]: async () => {
        await Promise.all([ours.close(), control.destroy()])
        await server[Symbol.asyncDispose]()
      },
    }
  }

  test('for the first header is no error after 400 s, where undici gives up after 300 s', async () => {
    await using requests = await stalled('/no-headers')
    expect(await requests.timedOut).toBe('UND_ERR_HEADERS_TIMEOUT')
    requests.release()
    expect(await requests.body).toBe('last')
  })

  test('inside a body is no error after 400 s, where undici gives up after 300 s', async () => {
    await using requests = await stalled('/no-body')
    expect(await requests.timedOut).toBe('UND_ERR_BODY_TIMEOUT')
    requests.release()
    expect(await requests.body).toBe('first last')
  })

  test('for a connection ends at the connect time-out', async () => {
    // Takes the connection and never begins to speak TLS.
    const mute = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    await using dynamoFetch = createDynamoFetch({ connectTimeoutMs: 100 })
    const failure = await dynamoFetch(`https://127.0.0.1:${(mute.address() as AddressInfo).port}`).then(
      () => 'connected',
      code,
    )
    mute.close()
    expect(failure).toBe('UND_ERR_CONNECT_TIMEOUT')
  })
})

describe('it is a fetch', () => {
  const echo = () =>
    serve((request, response) => {
      void text(request).then((body) => {
        const { method, url, headers } = request
        response.writeHead(200, { 'content-type': 'application/json', 'x-answer': 'yes' })
        response.end(JSON.stringify({ method, url, token: headers.authorization, body }))
      })
    })
  const init = { method: 'POST', headers: { authorization: 'Bearer key' }, body: 'hello' }
  const expected = { method: 'POST', url: '/v1', token: 'Bearer key', body: 'hello' }

  test.each<[string, (url: string) => Parameters<typeof fetch>]>([
    ['a text', (url) => [url, init]],
    ['a URL', (url) => [new URL(url), init]],
    ['Headers', (url) => [url, { ...init, headers: new Headers(init.headers) }]],
    ["Node's own Request", (url) => [new Request(url, init)]],
    ["Node's own Request, overridden", (url) => [new Request(url, { ...init, method: 'PUT' }), { method: 'POST' }]],
  ])('for %s', async (_, request) => {
    await using server = await echo()
    await using dynamoFetch = createDynamoFetch()
    const response = await dynamoFetch(...request(`${server.url}/v1`))
    expect(response.ok).toBe(true)
    expect(response.headers.get('x-answer')).toBe('yes')
    expect(await response.json()).toEqual(expected)
  })

  test('that the caller can abort, before an answer and inside a body', async () => {
    await using server = await serve((request, response) => {
      if (request.url === '/body') response.write('first')
    })
    await using dynamoFetch = createDynamoFetch()
    const reason = new Error('enough')
    const controller = new AbortController()
    const waiting = dynamoFetch(server.url, { signal: controller.signal })
    const request = new Request(`${server.url}/body`, { signal: controller.signal })
    const response = await dynamoFetch(request)
    const reading = response.text()
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    await expect(reading).rejects.toThrow()
  })

  test('that fails as fetch does where nobody listens', async () => {
    await using dynamoFetch = createDynamoFetch()
    const failure: unknown = await dynamoFetch(`http://127.0.0.1:${await freePort()}`).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TypeError)
    expect(code(failure)).toBe('ECONNREFUSED')
  })
})

describe('close', () => {
  test('lets an open request end', async () => {
    const [arrived, released] = [gate(), gate()]
    await using server = await serve((_request, response) => {
      arrived.open()
      void released.promise.then(() => response.end('whole'))
    })
    const dynamoFetch = createDynamoFetch({ closeTimeoutMs: 10_000 })
    const body = dynamoFetch(server.url).then((response) => response.text())
    await arrived.promise
    const closed = dynamoFetch.close()
    released.open()
    expect(await body).toBe('whole')
    await closed
  })

  test('cuts a request that takes longer than it waits', async () => {
    const arrived = gate()
    await using server = await serve(() => {
      arrived.open()
    })
    const dynamoFetch = createDynamoFetch({ closeTimeoutMs: 50 })
    const outcome = dynamoFetch(server.url).then(
      () => 'answered',
      () => 'cut',
    )
    await arrived.promise
    await dynamoFetch.close()
    expect(await outcome).toBe('cut')
  })

  test('gives the same promise each time, and later requests fail', async () => {
    await using server = await serve((_request, response) => response.end())
    const dynamoFetch = createDynamoFetch()
    const closed = dynamoFetch.close()
    expect(dynamoFetch.close()).toBe(closed)
    expect(dynamoFetch[Symbol.asyncDispose]()).toBe(closed)
    await closed
    await expect(dynamoFetch(server.url)).rejects.toThrow()
  })
})

describe('in the process of a host', () => {
  test('an idle connection does not keep it alive', async () => {
    await using server = await serve((_request, response) => response.end('done'))
    // The server would hold the connection for 60 s.
    const run = runProgram(`
      const { createDynamoFetch } = await import(client)
      const response = await createDynamoFetch()(${JSON.stringify(server.url)})
      process.stdout.write(await response.text())
    `)
    expect(await run).toEqual({ stdout: 'done', stderr: '' })
  })

  test("the import leaves the dispatcher of the host's own fetch as it was", async () => {
    const { stdout } = await runProgram(`
      const key = Symbol.for('undici.globalDispatcher.1')
      const proxy = globalThis[key] = { dispatch() { throw new Error('by the proxy') } }
      await import(client)
      const way = await fetch('http://127.0.0.1:20390/').catch((error) => error.cause.message)
      process.stdout.write(JSON.stringify({ kept: globalThis[key] === proxy, way }))
    `)
    expect(JSON.parse(stdout)).toEqual({ kept: true, way: 'by the proxy' })
  })

  test("the host's own fetch works after it, used before it or not", async () => {
    await using server = await serve((_request, response) => response.end('done '))
    const ask = `process.stdout.write(await (await fetch(${JSON.stringify(server.url)})).text())`
    expect(await runProgram(`await import(client); ${ask}`)).toEqual({ stdout: 'done ', stderr: '' })
    expect(await runProgram(`${ask}; await import(client); ${ask}`)).toEqual({ stdout: 'done done ', stderr: '' })
  })
})

describe('worker ids come exact through a real stream', () => {
  test.each(releases)('of %s', async (release) => {
    const stream = readHttpBody(release, 'chat-stream.sse')
    await using server = await serve((_request, response) => {
      // Pieces that end anywhere, as a network cuts them.
      const pieces = stream.match(/[\s\S]{1,97}/g) ?? []
      Readable.from(pieces).pipe(response)
    })
    await using dynamoFetch = createDynamoFetch()
    const response = await dynamoFetch(server.url, { method: 'POST' })
    const seen: Nvext[] = []
    for await (const line of createInterface({ input: Readable.fromWeb(response.body!) })) {
      const nvext = readNvext(line)
      if (nvext) seen.push(nvext)
    }
    const digits = [...stream.matchAll(/"decode_worker_id":(\d+)/g)].map(([, id]) => id)
    expect(digits.length).toBeGreaterThan(1)
    expect(seen.flatMap(({ workerId }) => workerId?.decodeWorkerId?.toString() ?? [])).toEqual(digits)
    expect(Number(digits[0])).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
  })
})
