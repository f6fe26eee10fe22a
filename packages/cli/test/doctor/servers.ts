// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { doctor, faultsIn, type Shell } from '../support/shell.ts'
import { certificate, privateKey } from './certificate.ts'

/** Starts a server that is gone with the test, and gives its base URL. */
export async function serve(listener: RequestListener, options: { readonly tls?: boolean } = {}): Promise<string> {
  const { tls = false } = options
  const server = tls ? createTlsServer({ cert: certificate, key: privateKey }, listener) : createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

/** A server that lists models and answers chats as any OpenAI-compatible one does. */
export function openAiServer(models: readonly string[], status = () => 200): RequestListener {
  return (request, response) => {
    request.resume()
    const isList = request.url === '/v1/models'
    const body = isList
      ? { object: 'list', data: models.map((id) => ({ id, object: 'model' })) }
      : status() === 200
        ? { choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'length' }] }
        : { error: { message: 'the engine is out of order' } }
    const found = isList || request.url === '/v1/chat/completions'
    response.writeHead(found ? (isList ? 200 : status()) : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ? body : {}))
  }
}

export const webPage = '<!doctype html><title>Sign in</title><form method="post"></form>'

export function answerWebPage(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end(webPage)
}

/** Hands every request on to the server at `baseUrl`, unless `answer` answers it. */
export function passTo(
  baseUrl: string,
  answer: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): RequestListener {
  return (request, response) => {
    if (answer(request, response)) {
      request.resume()
      return
    }
    void pass(request, response, new URL(request.url ?? '', baseUrl))
  }
}

async function pass(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const { method = 'GET', headers } = request
  const answer = await fetch(url, {
    method,
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' && /^(content-type|authorization|x-.*)$/.test(name) ? [[name, value]] : [],
    ),
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  })
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
  response.end(await answer.text())
}

export async function expectHealthy(shell: Shell, ...args: readonly string[]): Promise<void> {
  const { code, stdout } = await doctor(shell, ...args)
  expect({ code, faults: faultsIn({ stdout }) }, stdout).toEqual({ code: 0, faults: [] })
}
