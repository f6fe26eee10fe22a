// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { registerDynamo } from '@dynamo-agent/provider-ai-sdk/telemetry'
import { answerChat } from './chat.ts'

/** What the end of the server grants a reader who reads no more. */
const PATIENCE_MS = 30_000

export interface ChatServer extends AsyncDisposable {
  readonly url: string
}

/** Serves the chat at `/api/chat`; its end lets every answer under way come to its own. */
export async function startChatServer(port = 0): Promise<ChatServer> {
  const dynamo = registerDynamo()
  let closing = false
  const server = createServer((request, response) => {
    void handle(request, response)
      .catch(() => response.destroy())
      // One that would be kept for a next request would keep the server from its end.
      .finally(() => {
        if (closing) server.closeIdleConnections()
      })
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat`,
    async [Symbol.asyncDispose]() {
      closing = true
      const closed = new Promise((resolve) => server.close(resolve))
      const giveUp = setTimeout(() => {
        server.closeAllConnections()
      }, PATIENCE_MS)
      await closed
      clearTimeout(giveUp)
      // Last: until then tools may run whose ends Dynamo wants to know.
      await dynamo.close()
    },
  }
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST' || request.url !== '/api/chat') {
    response.writeHead(404).end()
    return
  }
  const gone = new AbortController()
  // A reader that leaves stops the model: Dynamo frees what the request held.
  response.on('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  const body = Buffer.concat((await request.toArray()) as Buffer[])
  const answer = await answerChat(new Request('http://chat/', { method: 'POST', body, signal: gone.signal }))
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (answer.body === null) response.end()
  else await pipeline(Readable.fromWeb(answer.body), response)
}
