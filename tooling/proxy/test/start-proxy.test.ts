// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { sendAnswer, startProxy, type HandleRequest } from '../src/index.ts'

async function startTarget(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

/** Says in its answer what it was asked. */
const echo: RequestListener = (request, response) => {
  void request.toArray().then((chunks) => {
    const { method, url, headers } = request
    response.writeHead(201, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ method, url, headers, text: Buffer.concat(chunks as Buffer[]).toString() }))
  })
}

const passOn: HandleRequest = async (request, response) => sendAnswer(await request.forward(), response)

it('forwards a request as it came, and passes on status, content type and body', async () => {
  const target = await startTarget(echo)
  await using proxy = await startProxy(target, passOn)
  const answer = await fetch(`${proxy.baseUrl}/chat?n=1`, { method: 'PUT', headers: { 'x-session': 'S' }, body: 'Hello' })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await answer.json()).toMatchObject({
    method: 'PUT',
    url: '/v1/chat?n=1',
    headers: { host: new URL(target).host, 'x-session': 'S', 'content-length': '5' },
    text: 'Hello',
  })
})

it('shows its owner the request, and forwards another text instead', async () => {
  await using proxy = await startProxy(await startTarget(echo), async (request, response) => {
    const { path, headers, text } = request
    await sendAnswer(await request.forward(`${path} ${headers['x-session'] as string} ${text}`), response)
  })
  const answer = await fetch(proxy.baseUrl, { method: 'POST', headers: { 'x-session': 'S' }, body: 'Hello' })
  expect(await answer.json()).toMatchObject({ text: '/v1 S Hello' })
})

it('leaves the answer to its owner, who need not ask the target', async () => {
  let asked = 0
  const target = await startTarget((_request, response) => {
    asked++
    response.end()
  })
  const refusal = () => new Response('Service Unavailable', { status: 503 })
  await using proxy = await startProxy(target, (_request, response) => sendAnswer(refusal(), response))
  const answer = await fetch(proxy.baseUrl)
  expect([answer.status, await answer.text(), asked]).toEqual([503, 'Service Unavailable', 0])
})

it('passes on each piece of a stream as it comes', async () => {
  let open: ServerResponse | undefined
  const target = await startTarget((_request, response) => {
    response.write('first')
    open = response
  })
  await using proxy = await startProxy(target, passOn)
  const { body } = await fetch(proxy.baseUrl)
  let text = ''
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString()
    if (text === 'first') open?.end(', last')
  }
  expect(text).toBe('first, last')
})

it('ends the connection when its owner fails', async () => {
  await using proxy = await startProxy(await startTarget(echo), () => Promise.reject(new Error('no')))
  await expect(fetch(proxy.baseUrl)).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } })
})

it('ends open connections when it is disposed of', async () => {
  const proxy = await startProxy(await startTarget(echo), () => new Promise(() => undefined))
  const answer = expect(fetch(proxy.baseUrl)).rejects.toThrow()
  await proxy[Symbol.asyncDispose]()
  await answer
})
