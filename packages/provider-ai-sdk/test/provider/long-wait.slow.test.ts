// SPDX-License-Identifier: Apache-2.0
import { generateText, streamText } from 'ai'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createDynamo } from '../../src/index.ts'

/** Node's own fetch gives up after 300 s. */
const LONG_MS = 320_000

const body = '{"choices":[{"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}'
const first = 'data: {"choices":[{"delta":{"content":"Hel"}}]}\n\n'
const last = 'data: {"choices":[{"delta":{"content":"lo."},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

it('waits for a first token, and between two tokens, as long as a queue takes', { timeout: 400_000 }, async () => {
  const server = createServer((request, response) => {
    void (async () => {
      const asked = Buffer.concat((await request.toArray()) as Buffer[]).toString()
      if (request.method === 'GET' || asked.includes('dynamo-agent-probe')) {
        response.writeHead(404).end()
        return
      }
      const isStream = asked.includes('"stream":true')
      if (isStream) response.writeHead(200, { 'content-type': 'text/event-stream' }).write(first)
      await sleep(LONG_MS)
      if (isStream) response.end(last)
      else response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    })()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const model = createDynamo({ baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` })('m')
    const call = { model, prompt: 'Hi', maxRetries: 0 }
    const answers = await Promise.all([generateText(call).then(({ text }) => text), streamText(call).text])
    expect(answers).toEqual(['Hello.', 'Hello.'])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
