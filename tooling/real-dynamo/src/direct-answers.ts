// SPDX-License-Identifier: Apache-2.0
import { sendAnswer, startProxy, type HttpProxy } from '@dynamo-agent/proxy'
import type { ServerResponse } from 'node:http'
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

export interface Director extends HttpProxy {
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
  const calls: DirectedCall[] = []
  const proxy = await startProxy(dynamoBaseUrl, async (request, response) => {
    if (!request.path.endsWith('/chat/completions')) {
      await sendAnswer(await request.forward(), response)
      return
    }
    const directed = JSON.parse(request.text) as DirectedRequest
    // Nobody reads what the workers make up, so they make up little.
    const answer = await request.forward(JSON.stringify({ ...directed, ...shortest(directed) }))
    const body = await answer.arrayBuffer()
    calls.push({ request: directed, status: answer.status })
    if (!answer.ok || isEnd(directed)) await sendAnswer(new Response(body, answer), response)
    else play(response, directed, turnFor(directed))
  })
  return { ...proxy, calls }
}

function shortest(request: DirectedRequest): Partial<Record<'max_tokens' | 'max_completion_tokens', number>> {
  return 'max_completion_tokens' in request ? { max_completion_tokens: 8 } : { max_tokens: isEnd(request) ? 1 : 8 }
}

/** The notice of an ended session asks for one token, and is no turn of anybody. */
function isEnd(request: DirectedRequest): boolean {
  return request.max_tokens === 1
}

function play(response: ServerResponse, { model, stream = false }: DirectedRequest, turn: DirectedTurn): void {
  const type = stream ? 'text/event-stream' : 'application/json'
  response.writeHead(200, { 'content-type': type }).end(stream ? answerAsStream(model, turn) : answerAsJson(model, turn))
}
