// SPDX-License-Identifier: Apache-2.0
// A frontend that answers at once, in a process of its own: what it takes counts for nobody.
import { createToolEventReceiver } from '@dynamo-agent/transport-zmq'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const CHUNKS = 100
const workerId = '{"prefill_worker_id":7587888160958628001,"decode_worker_id":7587888160958628035}'
const timing = '{"request_received_ms":1,"prefill_time_ms":2.5,"ttft_ms":2.5,"total_time_ms":40.25,"kv_hit_rate":0.5}'
const usage = '{"prompt_tokens":100,"completion_tokens":100,"total_tokens":200}'
const head = '"id":"c","created":1,"model":"m"'

function chunk(delta: string, finish: string | null, nvext: string): string {
  const choice = `{"index":0,"delta":${delta},"finish_reason":${JSON.stringify(finish)}}`
  return `data: {${head},"object":"chat.completion.chunk","choices":[${choice}],"nvext":${nvext}}\n\n`
}

const chunks = [
  ...Array.from({ length: CHUNKS }, () => chunk('{"role":"assistant","content":" word"}', null, `{"worker_id":${workerId}}`)),
  chunk('{}', 'stop', `{"worker_id":${workerId},"timing":${timing}}`),
  `data: {${head},"object":"chat.completion.chunk","choices":[],"usage":${usage}}\n\ndata: [DONE]\n\n`,
]
const message = '{"role":"assistant","content":"A word."}'
const body = `{${head},"object":"chat.completion","choices":[{"index":0,"message":${message},"finish_reason":"stop"}],"usage":${usage},"nvext":{"worker_id":${workerId},"timing":${timing}}}`

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = Buffer.concat((await request.toArray()) as Buffer[])
  if (!asked.includes('"stream":true')) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const text of chunks) {
    response.write(text)
    // A packet for each, as from an engine.
    await new Promise(setImmediate)
  }
  response.end()
}

const receiver = await createToolEventReceiver({ bind: 'tcp://127.0.0.1:0', onRecord: () => undefined })
const server = createServer((request, response) => {
  void answer(request, response)
})
await once(server.listen(0, '127.0.0.1'), 'listening')
const { port } = server.address() as AddressInfo
process.send?.({ baseURL: `http://127.0.0.1:${port}/v1`, endpoint: receiver.endpoint })
// Whoever has started this one ends it by letting go.
process.on('disconnect', () => process.exit())
