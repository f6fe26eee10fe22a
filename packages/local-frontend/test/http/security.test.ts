// SPDX-License-Identifier: Apache-2.0
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startLocalFrontend, type FrontendEvent } from '../../src/index.ts'
import { chat, post, scriptOf, start, startTraced } from '../support.ts'

interface Answer {
  status: number | undefined
  body: string
  headers: IncomingMessage['headers']
}

function send(
  baseUrl: string,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  const { body, ...rest } = options
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(options.path ?? '/v1/models', baseUrl), rest, (response) => {
      let text = ''
      response.on('data', (piece: Buffer) => (text += piece.toString()))
      response.on('end', () => {
        resolve({ status: response.statusCode, body: text, headers: response.headers })
      })
    })
    outgoing.on('error', reject).end(body)
  })
}

describe('Host and Origin', () => {
  test.each<[number, string, Record<string, string>]>([
    [200, 'localhost', { host: 'localhost:1234' }],
    [200, 'an address', { host: '127.0.0.1' }],
    [200, 'an IPv6 address', { host: '[::1]:8000' }],
    [200, 'a configured name', { host: 'Agents.Example:8000' }],
    [200, 'a page on this machine', { origin: 'http://localhost:3000' }],
    [200, 'a page on a configured host', { origin: 'https://agents.example' }],
    [403, 'a foreign name (DNS rebinding)', { host: 'evil.example' }],
    [403, 'a name that begins well', { host: 'localhost.evil.example' }],
    [403, 'a name with credentials', { host: 'localhost@evil.example' }],
    [403, 'a foreign page', { origin: 'https://evil.example' }],
    [403, 'a page without origin', { origin: 'null' }],
  ])('%i for %s', async (status, _, headers) => {
    const frontend = await start({ allowedHosts: ['agents.example'] })
    expect((await send(frontend.baseUrl, { headers })).status).toBe(status)
  })

  test('a target in absolute form is no way around the token', async () => {
    const frontend = await start({ apiKey: 'secret' })
    const { hostname, port } = new URL(frontend.baseUrl)
    const socket = connect(Number(port), hostname)
    socket.end(`GET ${frontend.baseUrl}/models HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)
    let text = ''
    for await (const piece of socket as AsyncIterable<Buffer>) text += piece.toString()
    expect(text).toMatch(/^HTTP\/1\.1 401/)
  })
})

describe('the bearer token', () => {
  test.each<[number, string, Record<string, string>]>([
    [200, 'the right one', { authorization: 'Bearer secret' }],
    [200, 'another case of the scheme', { authorization: 'bearer secret' }],
    [401, 'none', {}],
    [401, 'a wrong one', { authorization: 'Bearer secreT' }],
    [401, 'a longer one', { authorization: 'Bearer secret-and-more' }],
    [401, 'another scheme', { authorization: 'Basic secret' }],
  ])('%i for %s', async (status, _, headers) => {
    const frontend = await start({ apiKey: 'secret' })
    const answer = await send(frontend.baseUrl, { headers })
    expect(answer.status).toBe(status)
    if (status === 401)
      expect(JSON.parse(answer.body)).toEqual({
        message: 'A bearer token is required.',
        type: 'Unauthorized',
        code: 401,
      })
  })

  test('is not needed to see that the server lives and what it is', async () => {
    const frontend = await start({ apiKey: 'secret' })
    for (const path of ['/live', '/health', '/openapi.json']) {
      expect((await send(frontend.baseUrl, { path })).status).toBe(200)
    }
  })
})

describe('bodies', () => {
  const path = '/v1/chat/completions'
  const tooLarge = { message: 'The request body is larger than 1000 bytes.', type: 'Payload Too Large', code: 413 }

  test.each([
    ['with a declared length', {}],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('%s beyond the cap are answered with 413', async (_, framing) => {
    const frontend = await start({ maxBodyBytes: 1000 })
    const headers = { 'content-type': 'application/json', ...framing }
    const answer = await send(frontend.baseUrl, { method: 'POST', path, headers, body: 'x'.repeat(1_000_000) })
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.body)).toEqual(tooLarge)
    expect(answer.headers.connection).toBe('close')
  })

  test('that never end leave no trace and do not stop the rest', async () => {
    const { frontend, rows } = await startTraced()
    const { hostname, port } = new URL(frontend.baseUrl)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"model"`,
    )
    await new Promise((resolve) => setTimeout(resolve, 20))
    socket.destroy()
    expect((await post(frontend, chat)).status).toBe(200)
    expect(await rows()).toHaveLength(1)
  })
})

describe('methods and routes', () => {
  test('a known path with another method is 405 with what is allowed', async () => {
    const frontend = await start()
    const answer = await send(frontend.baseUrl, { path: '/v1/chat/completions' })
    expect(answer).toMatchObject({ status: 405, body: '', headers: { allow: 'POST' } })
    expect((await send(frontend.baseUrl, { method: 'DELETE' })).headers.allow).toBe('GET,HEAD')
    expect((await send(frontend.baseUrl, { method: 'HEAD' })).status).toBe(200)
  })

  test('an unknown path is 404: named by 1.3+, empty from 1.2', async () => {
    const later = await send((await start()).baseUrl, { path: '/version' })
    expect(later.status).toBe(404)
    expect(later.body).toBe('{"message":"Route not found: GET /version","type":"Not Found","code":404}')
    const earlier = await send((await start({ generation: '1.2' })).baseUrl, { path: '/version' })
    expect(earlier).toMatchObject({ status: 404, body: '' })
  })

  test('it says that it lives and which workers it has', async () => {
    const { baseUrl } = await start()
    expect((await send(baseUrl, { path: '/live' })).body).toBe('{"status":"live","message":"Service is live"}')
    const health = JSON.parse((await send(baseUrl, { path: '/health' })).body) as {
      status: string
      instances: object[]
    }
    expect(health.status).toBe('healthy')
    expect(health.instances).toHaveLength(2)
  })
})

test('it listens on the loopback address only, and says when a port is taken', async () => {
  const { baseUrl } = await start()
  const { hostname, port } = new URL(baseUrl)
  expect(hostname).toBe('127.0.0.1')
  const model = { script: scriptOf('x') }
  await expect(startLocalFrontend({ model, port: Number(port) })).rejects.toMatchObject({ code: 'DYN_PORT_IN_USE' })
  await expect(startLocalFrontend({ model, host: '203.0.113.7' })).rejects.toMatchObject({ code: 'DYN_INVALID_OPTION' })
})

test('events for a log hold neither keys nor contents', async () => {
  const events: FrontendEvent[] = []
  const frontend = await start({ apiKey: 'top-secret', onEvent: (event) => events.push(event) })
  const secret = { ...chat, messages: [{ role: 'user', content: 'the-content' }] }
  await (await post(frontend, secret, { headers: { authorization: 'Bearer top-secret' } })).text()
  await (await post(frontend, '{"the-content"', { headers: { authorization: 'Bearer top-secret' } })).text()
  await frontend.close()
  expect(events.map(({ type }) => type)).toEqual(['listening', 'request-answered', 'request-answered', 'closed'])
  expect(JSON.stringify(events)).not.toMatch(/top-secret|the-content/)
})
