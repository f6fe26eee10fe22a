// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A completion as it was asked for. */
export interface RecordedCall {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Readonly<Record<string, unknown>>
  readonly status: number
}

/** Stands before the frontend and keeps every completion: a frontend records no content. */
export interface RecordingProxy extends AsyncDisposable {
  readonly baseUrl: string
  readonly calls: readonly RecordedCall[]
  /** Gives the next completions this answer, unavailability unless told, instead of asking the frontend. */
  intercept(completions: number, answer?: CannedAnswer): void
}

export interface CannedAnswer {
  readonly status: number
  readonly body: string
  readonly contentType?: string
}

const unavailable: CannedAnswer = {
  status: 503,
  body: '{"message":"Service Unavailable","type":"Service Unavailable","code":503}',
}

export async function startRecordingProxy(frontendBaseUrl: string): Promise<RecordingProxy> {
  const calls: RecordedCall[] = []
  const target = new URL(frontendBaseUrl).origin
  let intercepted = 0
  let canned = unavailable
  const ask = (request: IncomingMessage, text: string) => {
    const headers = Object.entries(request.headers).filter(([name]) => !/^(host|connection|content-length)$/.test(name))
    return fetch(`${target}${request.url ?? ''}`, {
      method: request.method ?? 'GET',
      headers: headers as [string, string][],
      ...(text !== '' && { body: text }),
    })
  }
  const server = createServer((request, response) => {
    void (async () => {
      const text = Buffer.concat((await request.toArray()) as Buffer[]).toString()
      const isCall = text !== '' && !isProbe(text)
      const { status, body, contentType = 'application/json' } = canned
      const answer =
        isCall && intercepted-- > 0
          ? new Response(body, { status, headers: { 'content-type': contentType } })
          : await ask(request, text)
      if (isCall) {
        const { url: path = '', headers } = request
        calls.push({ path, headers, body: JSON.parse(text) as RecordedCall['body'], status: answer.status })
      }
      // The SDK would wait two seconds before it tries again.
      const waitless = { 'retry-after-ms': '1', 'content-type': answer.headers.get('content-type') ?? 'text/plain' }
      response.writeHead(answer.status, waitless)
      for await (const chunk of answer.body ?? []) response.write(chunk)
      response.end()
    })().catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    intercept(completions, answer = unavailable) {
      intercepted = completions
      canned = answer
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** How the dialect of a frontend is found out where its `/openapi.json` says nothing. */
function isProbe(text: string): boolean {
  return text.includes('dynamo-agent-probe')
}
