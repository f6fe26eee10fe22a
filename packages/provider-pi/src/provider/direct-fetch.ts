// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'
import { request, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

type Fetch = typeof globalThis.fetch

/**
 * A fetch for the few short questions that are asked of a frontend beside the
 * LLM calls.
 *
 * The global one parses answers in WebAssembly, which V8 compiles anew in the
 * background once a second answer makes it hot; a `pi -p` that ends meanwhile
 * waits for the compiler (60 ms on Node 24). The parser of node:http is part of
 * Node. What node:http does not do by itself goes the ordinary way: TLS,
 * proxies and redirects.
 *
 * @param environment Where a proxy would be named.
 */
export function createDirectFetch(environment: Environment): Fetch {
  const usesProxy = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].some((name) => environment[name])
  return async (input, init) => {
    const url = typeof input === 'string' ? input : ''
    if (usesProxy || !url.startsWith('http:')) return fetch(input, init)
    const response = await ask(url, init)
    const isElsewhere = response.status >= 300 && response.status < 400
    if (!isElsewhere) return response
    void response.body?.cancel()
    return fetch(input, init)
  }
}

function ask(url: string, { method = 'GET', headers, body, signal }: RequestInit = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const question = request(
      url,
      { method, headers: Object.fromEntries(new Headers(headers)), agent: false, ...(signal && { signal }) },
      (answer) => {
        try {
          resolve(toResponse(answer))
        } catch (error) {
          // Such as a status that no Response takes.
          answer.destroy()
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      },
    )
    question.on('error', reject)
    question.end(typeof body === 'string' ? body : undefined)
  })
}

function toResponse(answer: IncomingMessage): Response {
  const { statusCode: status = 0, headers } = answer
  const hasBody = status !== 204 && status !== 205 && status !== 304
  const init = { status, headers: { 'content-type': headers['content-type'] ?? 'text/plain' } }
  if (hasBody) return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, init)
  answer.resume()
  return new Response(null, init)
}
