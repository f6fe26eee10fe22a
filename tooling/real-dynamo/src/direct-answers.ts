// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerAsJson, answerAsStream, type DirectedTurn } from './directed-turn.ts'

/** A chat completion as the agent asked for it. */
export interface DirectedRequest {
  readonly model: string
  readonly stream?: boolean
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[]
  readonly [key: string]: unknown
}

/** What Dynamo said to a request. */
export interface DirectedCall {
  readonly request: DirectedRequest
  readonly status: number
}

export interface Director extends AsyncDisposable {
  /** Ends in `/v1`; for the agent in place of Dynamo's own. */
  readonly baseUrl: string
  readonly calls: readonly DirectedCall[]
}

/**
 * Stands between an agent and a released Dynamo whose workers only make up
 * text: every request goes to Dynamo, which takes or refuses, serves and
 * records it. A refusal reaches the agent as it is. In place of the made-up
 * text the agent gets the turn that the test wants it to take.
 */
export async function directAnswers(
  dynamoBaseUrl: string,
  turnFor: (request: DirectedRequest) => DirectedTurn,
): Promise<Director> {
  const { origin } = new URL(dynamoBaseUrl)
  const calls: DirectedCall[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const text = Buffer.concat((await request.toArray()) as Buffer[]).toString()
      const directed = request.url?.endsWith('/chat/completions') === true ? (JSON.parse(text) as DirectedRequest) : undefined
      // Nobody reads what the workers make up, so they make up little.
      const sent = directed === undefined ? text : JSON.stringify({ ...directed, ...shortest(directed) })
      const answer = await ask(`${origin}${request.url ?? ''}`, request, sent)
      const body = Buffer.from(await answer.arrayBuffer())
      if (directed !== undefined) calls.push({ request: directed, status: answer.status })
      if (directed === undefined || !answer.ok || isEnd(directed)) pass(response, answer, body)
      else play(response, directed, turnFor(directed))
    })().catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function shortest(request: DirectedRequest): Partial<Record<'max_tokens' | 'max_completion_tokens', number>> {
  return 'max_completion_tokens' in request ? { max_completion_tokens: 8 } : { max_tokens: isEnd(request) ? 1 : 8 }
}

/** The notice of an ended session asks for one token, and is no turn of anybody. */
function isEnd(request: DirectedRequest): boolean {
  return request.max_tokens === 1
}

function ask(url: string, request: IncomingMessage, body: string): Promise<Response> {
  const headers = Object.entries(request.headers).filter(([name]) => !/^(host|connection|content-length|transfer-encoding)$/.test(name))
  return fetch(url, {
    method: request.method ?? 'GET',
    headers: headers as [string, string][],
    ...(body !== '' && { body }),
  })
}

function pass(response: ServerResponse, answer: Response, body: Buffer): void {
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(body)
}

function play(response: ServerResponse, { model, stream = false }: DirectedRequest, turn: DirectedTurn): void {
  const type = stream ? 'text/event-stream' : 'application/json'
  response.writeHead(200, { 'content-type': type }).end(stream ? answerAsStream(model, turn) : answerAsJson(model, turn))
}
