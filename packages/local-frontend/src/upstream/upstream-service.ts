// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http'
import type { Observation } from '../endpoints/answer-notes.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import { endpoints } from '../endpoints/endpoints.ts'
import { generations } from '../generation.ts'
import type { Exchange } from '../http/exchange.ts'
import { readBody } from '../http/read-body.ts'
import { errorReply, sendReply, tooLargeReply } from '../http/reply.ts'
import type { Route } from '../http/routes.ts'
import { identifyCaller } from '../identity/caller.ts'
import { isJsonBody, type JsonBody } from '../request/json-body.ts'
import type { ModelService, ServiceContext } from '../service.ts'
import type { ServedRequest } from '../trace/request-row.ts'
import { endToEndHeaders } from './end-to-end-headers.ts'
import { createAnswerObserver, type AnswerObserver } from './observe-answer.ts'
import { createUpstreamClient, type UpstreamClient, type UpstreamOptions } from './upstream-client.ts'

/** Answers with what another server says, byte for byte, and records what can be seen from outside. */
export function createUpstreamService(options: UpstreamOptions, context: ServiceContext): ModelService {
  const upstream = createUpstreamClient(options)
  return {
    routes: [
      ...endpoints.map((endpoint): Route => ({
        method: 'POST',
        path: endpoint.path,
        handle: (exchange) => complete(exchange, endpoint, { upstream, context }),
      })),
      { method: '*', path: '/v1/*', handle: (exchange) => relay(exchange, { upstream, context }) },
    ],
    instances: [],
    close() {
      upstream.close()
    },
  }
}

interface Scene {
  readonly upstream: UpstreamClient
  readonly context: ServiceContext
}

/** Passes on whatever asks no model, unseen. */
async function relay(exchange: Exchange, scene: Scene): Promise<void> {
  const body = await takeBody(exchange, scene)
  const answer = body && (await ask(exchange, body, scene))
  if (answer !== undefined) await passOn(answer, exchange)
}

/** identify → answer → record; whether the request is a good one is for the upstream to say. */
async function complete(exchange: Exchange, endpoint: Endpoint, scene: Scene): Promise<void> {
  const { context } = scene
  const body = await takeBody(exchange, scene)
  if (body === undefined) return
  const asked = parseLoosely(body)
  const { generation } = context
  const caller = identifyCaller(exchange.request, { body: asked, endpoint, generation })

  const answer = await ask(exchange, body, scene)
  if (answer === undefined) return
  const observer = createAnswerObserver(answer.headers, endpoint.createNotes(context.now))
  const complete = await passOn(answer, exchange, observer)

  const endedMs = context.now()
  const observed = await observer.end()
  // Dynamo puts what it refused or failed to serve on no record, and neither is it put here.
  if (answer.statusCode === 200 && endpoint.isTraced(generations[generation])) {
    const candidates = endpoint.candidates(asked)
    const requestId = context.createRequestId()
    context.record(
      servedFromOutside({ exchange, asked, observed, endedMs, complete, candidates, requestId }),
      caller,
    )
  }
}

async function takeBody({ request, response }: Exchange, { context }: Scene): Promise<Buffer | undefined> {
  const body = await readBody(request, context.maxBodyBytes)
  if (body === 'too-large') sendReply(response, tooLargeReply(context.maxBodyBytes))
  return typeof body === 'string' ? undefined : body
}

/** @returns undefined when there is no answer to pass on; the client has been told. */
async function ask(exchange: Exchange, body: Buffer, { upstream }: Scene): Promise<IncomingMessage | undefined> {
  try {
    return await upstream.send(exchange, body)
  } catch (error) {
    if (!exchange.signal.aborted) {
      const { code = 'no answer' } = error as NodeJS.ErrnoException
      sendReply(
        exchange.response,
        errorReply(
          502,
          `The upstream ${upstream.baseUrl} cannot be reached (${code}). Start it, or give another address.`,
        ),
      )
    }
    return undefined
  }
}

/** @returns whether the whole answer came and went out. */
async function passOn(answer: IncomingMessage, exchange: Exchange, observer?: AnswerObserver): Promise<boolean> {
  const { response, writer, signal } = exchange
  response.sendDate = false
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEndHeaders(answer.rawHeaders))
  response.flushHeaders()
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      const written = writer.write(piece)
      observer?.push(piece)
      await written
    }
  } catch {
    // The upstream broke off: the client must see that the answer is not whole.
    response.destroy()
    return false
  }
  response.end()
  return !signal.aborted
}

interface OutsideView {
  readonly exchange: Exchange
  readonly asked: JsonBody
  readonly observed: Observation
  readonly endedMs: number
  readonly complete: boolean
  readonly candidates: number
  readonly requestId: string
}

function servedFromOutside(view: OutsideView): ServedRequest {
  const { exchange, asked, observed, endedMs, complete, candidates, requestId } = view
  const { receivedMs } = exchange
  const { model, firstContentMs, finish, ...tokens } = observed
  const ttftMs = firstContentMs === undefined ? undefined : firstContentMs - receivedMs
  const totalMs = endedMs - receivedMs
  const avgItlMs = averageItl({ ttftMs, totalMs, outputTokens: tokens.outputTokens })
  return {
    requestId,
    model: typeof asked.model === 'string' ? asked.model : model,
    candidates,
    receivedMs,
    ...tokens,
    ...(ttftMs !== undefined && { ttftMs }),
    totalMs,
    ...(avgItlMs !== undefined && { avgItlMs }),
    ...(complete && finish !== undefined && { finish }),
  }
}

/** The same arithmetic as Dynamo's. */
function averageItl(of: {
  ttftMs: number | undefined
  totalMs: number
  outputTokens: number | undefined
}): number | undefined {
  if (of.ttftMs === undefined || of.outputTokens === undefined || of.outputTokens < 2) return undefined
  return (of.totalMs - of.ttftMs) / (of.outputTokens - 1)
}

function parseLoosely(body: Buffer): JsonBody {
  try {
    const value: unknown = JSON.parse(body.toString())
    return isJsonBody(value) ? value : {}
  } catch {
    return {}
  }
}
