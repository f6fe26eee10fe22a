// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RecordedCall {
  readonly headers: IncomingHttpHeaders
  readonly body: {
    readonly messages: readonly { readonly role: string; readonly content: unknown }[]
    readonly tools?: readonly { readonly function: { readonly name: string } }[]
    readonly [key: string]: unknown
  }
  readonly status: number
  /** Epoch milliseconds when the answer had been sent. */
  readonly answeredMs: number
}

/** Stands between Pi and the frontend and keeps every chat completion, since a frontend records no content. */
export interface RecordingProxy extends AsyncDisposable {
  readonly baseUrl: string
  readonly calls: readonly RecordedCall[]
  /** Answers the next completions with 503 instead of asking the frontend. */
  fail(completions: number): void
}

const unavailable = '{"message":"Service Unavailable","type":"Service Unavailable","code":503}'

export async function startRecordingProxy(frontendBaseUrl: string): Promise<RecordingProxy> {
  const calls: RecordedCall[] = []
  const target = new URL(frontendBaseUrl).origin
  let failures = 0
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
      const fails = text !== '' && failures-- > 0
      const answer = fails ? new Response(unavailable, { status: 503 }) : await ask(request, text)
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
      for await (const chunk of answer.body ?? []) response.write(chunk)
      response.end(() => {
        if (text === '') return
        const body = JSON.parse(text) as RecordedCall['body']
        calls.push({ headers: request.headers, body, status: answer.status, answeredMs: Date.now() })
      })
    })().catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    fail(completions) {
      failures = completions
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
