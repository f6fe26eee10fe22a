// SPDX-License-Identifier: Apache-2.0
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { RequestListener, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { examine } from '../../src/doctor/examine.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { openAiServer, serve } from './servers.ts'

const problems = (findings: readonly Finding[]) => findings.filter(({ status }) => status === 'FAIL')

/** Sends as long as somebody takes it. */
function sendForEver(response: ServerResponse): void {
  const chunk = Buffer.alloc(1024 * 1024, ' ')
  const send = () => {
    while (response.write(chunk));
  }
  response.on('drain', send)
  send()
}

const list = openAiServer(['gpt'])
const isList: (url: string | undefined) => boolean = (url) => url === '/v1/models'

test.each<{ what: string; listener: RequestListener; says: string; means: string }>([
  {
    what: 'never answers',
    listener: () => undefined,
    says: 'did not answer within 300 ms',
    means: 'It takes connections and does not answer',
  },
  {
    what: 'never ends its answer',
    listener: (_request, response) => void response.write('{"data":['),
    says: 'did not answer within 300 ms',
    means: 'It takes connections and does not answer',
  },
])('a server that $what is given up', async ({ listener, says, means }) => {
  const findings = await examine({ environment: { DYNAMO_BASE_URL: await serve(listener) }, timeoutMs: 300 })
  expect(problems(findings)).toMatchObject([{ check: 'frontend' }])
  expect(problems(findings)[0]?.seen).toContain(says)
  expect(problems(findings)[0]?.meaning).toContain(means)
})

test('a server that sends for ever in place of a list is cut off', async () => {
  const environment = { DYNAMO_BASE_URL: await serve((_request, response) => { sendForEver(response) }) }
  const findings = await examine({ environment, timeoutMs: 20_000 })
  expect(problems(findings)).toMatchObject([
    { check: 'frontend', seen: expect.stringContaining('answered with more than 32 MiB') as string },
  ])
})

test.each<{ what: string; answer: (response: ServerResponse) => void; says: string }>([
  { what: 'never comes', answer: () => undefined, says: 'gpt: no answer within 1.2 s' },
  { what: 'never ends', answer: sendForEver, says: 'gpt answered 200' },
])('a completion that $what is given up', async ({ answer, says }) => {
  const url = await serve((request, response) => {
    if (isList(request.url)) list(request, response)
    else if (request.url === '/v1/chat/completions') answer(response)
    else response.writeHead(404).end()
  })
  const findings = await examine({ environment: { DYNAMO_BASE_URL: url }, timeoutMs: 200, request: true })
  expect(problems(findings)).toMatchObject([{ check: 'request', seen: expect.stringContaining(says) as string }])
})

test('a list of many models with long names takes one line', async () => {
  const models = Array.from({ length: 20_000 }, (_, index) => `${'long-'.repeat(100)}${index}`)
  const environment = { DYNAMO_BASE_URL: await serve(openAiServer(models)) }
  const findings = await examine({ environment, model: 'dynamo/none-of-these' })
  expect(findings.find(({ check }) => check === 'models')?.seen).toMatch(/^20000 listed: .{200,400} and 19995 more$/)
  for (const { seen, meaning = '' } of findings) expect(seen.length + meaning.length).toBeLessThan(1000)
})

test('a port that takes connections and keeps silent is no reason to wait', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as AddressInfo
  const findings = await examine({ environment: { DYNAMO_BASE_URL: `https://127.0.0.1:${port}` }, timeoutMs: 300 })
  expect(problems(findings)).toMatchObject([{ check: 'frontend' }])
})
