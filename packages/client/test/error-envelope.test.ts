// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { withErrorEnvelope } from '../src/error-envelope.ts'

let server: Server | undefined
afterEach(() => server?.close())

async function answerWith(status: number, body: string | Buffer, headers: Record<string, string> = {}) {
  server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const response = await withErrorEnvelope(globalThis.fetch)(`http://127.0.0.1:${port}/`)
  return { status: response.status, text: await response.text(), id: response.headers.get('x-request-id') }
}

const flat = '{"message":"Model not found: x","type":"Not Found","code":404}'

it("puts Dynamo's refusal where clients made for OpenAI look for it", async () => {
  expect(await answerWith(404, flat, { 'x-request-id': 'r' })).toEqual({ status: 404, text: `{"error":${flat}}`, id: 'r' })
})

it('does so where the answer is compressed', async () => {
  const answer = await answerWith(404, gzipSync(flat), { 'content-encoding': 'gzip' })
  expect(answer.text).toBe(`{"error":${flat}}`)
})

it.each([
  ['an answer', 200, '{"message":"not an error"}'],
  ['an envelope', 400, '{"error":{"message":"bad"},"message":"bad"}'],
  ['plain text', 422, 'Failed to deserialize'],
  ['another object', 500, '{"detail":"broken"}'],
  ['nothing', 503, ''],
])('leaves %s as it is', async (_what, status, body) => {
  expect(await answerWith(status, body)).toMatchObject({ status, text: body })
})
