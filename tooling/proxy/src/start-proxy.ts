// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that has come in as a whole. */
export interface ProxiedRequest {
  /** With the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Asks the target the same, or with another text. */
  forward(text?: string): Promise<Response>
}

/** Answers a request. What it throws ends the connection without an answer. */
export type HandleRequest = (request: ProxiedRequest, response: ServerResponse) => Promise<void>

export interface HttpProxy extends AsyncDisposable {
  /** For clients in place of the target's own, with the same path. */
  readonly baseUrl: string
}

/** Stands on loopback before a server. */
export async function startProxy(targetBaseUrl: string, handle: HandleRequest): Promise<HttpProxy> {
  const { origin, pathname } = new URL(targetBaseUrl)
  const server = createServer((request, response) => {
    void (async () => {
      const { url: path = '', headers } = request
      const text = Buffer.concat((await request.toArray()) as Buffer[]).toString()
      const forward = (sent = text) => ask(`${origin}${path}`, request, sent)
      await handle({ path, headers, text, forward }, response)
    })().catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What belongs to the connection that a request came by, and not to the request. */
const ofConnection = /^(host|connection|content-length|transfer-encoding)$/

function ask(url: string, { method = 'GET', headers }: IncomingMessage, text: string): Promise<Response> {
  // No header of a request comes as a list.
  const asked = Object.entries(headers).filter(([name]) => !ofConnection.test(name)) as [string, string][]
  return fetch(url, { method, headers: asked, ...(text !== '' && { body: text }) })
}
