// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What a frontend does wrong. */
export interface Fault {
  /** Milliseconds before every answer. */
  readonly delayMs?: number
  /** The status of what is no success. */
  readonly status?: number
  /** Which paths that holds for. @defaultValue completions */
  readonly paths?: RegExp
  /** Streams end in their middle, with the connection. */
  readonly cut?: boolean
  /** No model is listed. */
  readonly noModels?: boolean
}

export interface FaultyProxy extends AsyncDisposable {
  readonly baseUrl: string
}

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  404: 'Model not found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

/** Stands before a frontend that is in order, and makes it look as if it were not. */
export async function startFaultyProxy(frontendBaseUrl: string, fault: Fault): Promise<FaultyProxy> {
  const { delayMs = 0, status, paths = /\/chat\/completions$/, cut = false, noModels = false } = fault
  const target = new URL(frontendBaseUrl).origin
  const server = createServer((request, response) => {
    void (async () => {
      const { url = '', method = 'GET', headers } = request
      const body = Buffer.concat((await request.toArray()) as Buffer[]).toString()
      await delay(delayMs)
      if (status !== undefined && paths.test(url)) {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ message: reasons[status], type: reasons[status], code: status }))
        return
      }
      if (noModels && url.endsWith('/models')) {
        response.end('{"object":"list","data":[]}')
        return
      }
      const named = Object.entries(headers).filter(([name]) => !/^(host|connection|content-length)$/.test(name))
      const answer = await fetch(`${target}${url}`, {
        method,
        headers: named as [string, string][],
        ...(body !== '' && { body }),
      })
      const text = Buffer.from(await answer.arrayBuffer())
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
      if (!cut || !url.endsWith('/completions')) response.end(text)
      else response.write(text.subarray(0, text.length / 2), () => response.destroy())
    })().catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
