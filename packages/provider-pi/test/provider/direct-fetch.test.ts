// SPDX-License-Identifier: Apache-2.0
import type { Answer } from '@dynamo-agent/client'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDirectFetch } from '../../src/provider/direct-fetch.ts'

/** What a server was asked, and its address. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const body = Buffer.concat(chunks as Buffer[]).toString()
      asked.push([request.method, request.url, request.headers.authorization, request.headers.connection, body].join(' '))
      answer(request, response)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const direct = createDirectFetch({})
const question = { headers: {}, signal: new AbortController().signal }

async function read({ body }: Answer): Promise<string> {
  return body === null ? '' : text(body)
}

describe('a direct fetch', () => {
  it('asks and reads the answer', async () => {
    const { asked, url } = await serve((_request, response) => response.writeHead(201).end('grün'))
    const answer = await direct(`${url}/v1/a?b=c`, {
      ...question,
      method: 'POST',
      body: 'two',
      headers: { authorization: 'Bearer k' },
    })
    expect([answer.status, answer.ok, await read(answer)]).toEqual([201, true, 'grün'])
    // A connection that is kept would be one more thing to wait for at the end.
    expect(asked).toEqual(['POST /v1/a?b=c Bearer k close two'])
  })

  it('reads an answer without a body', async () => {
    const { url } = await serve((_request, response) => response.writeHead(204).end())
    expect(await read(await direct(url, question))).toBe('')
  })

  it('tells of a status that is none', async () => {
    const { url } = await serve((_request, response) => response.writeHead(999).end())
    expect(await direct(url, question)).toMatchObject({ ok: false, status: 999 })
  })

  it('rejects when nobody is there', async () => {
    await expect(direct('http://127.0.0.1:9/', question)).rejects.toThrow('ECONNREFUSED')
  })

  it('rejects with an answer that is cut off', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half')
      setImmediate(() => response.destroy())
    })
    const answer = await direct(url, question)
    await expect(read(answer)).rejects.toThrow()
  })

  it.each(['before its answer', 'in the middle of it'])('is aborted %s', async (when) => {
    const { url } = await serve((_request, response) => {
      if (when !== 'before its answer') response.writeHead(200).write('half')
    })
    const reading = async () => read(await direct(url, { ...question, signal: AbortSignal.timeout(50) }))
    await expect(reading()).rejects.toThrow()
  })

  it('follows to another place', async () => {
    const { asked, url } = await serve((request, response) => {
      if (request.url === '/there') response.end('there')
      else response.writeHead(307, { location: '/there' }).end('elsewhere')
    })
    expect(await read(await direct(`${url}/here`, question))).toBe('there')
    expect(asked.map((line) => line.split(' ')[1])).toEqual(['/here', '/here', '/there'])
  })

  it('leaves a way through a proxy to the ordinary fetch', async () => {
    const { asked, url } = await serve((_request, response) => response.end('asked'))
    await read(await createDirectFetch({ HTTP_PROXY: 'http://127.0.0.1:9' })(url, question))
    // Which reads that variable from the process alone, and keeps its connections.
    expect(asked).toEqual(['GET /  keep-alive '])
  })
})
