// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GenerationTraits } from '../generation.ts'
import type { FrontendEvent } from '../options.ts'
import { openExchange } from './exchange.ts'
import type { Guard } from './guard.ts'
import { errorReply, sendReply, type Reply } from './reply.ts'
import { dispatch, type Route } from './routes.ts'

export interface RequestHandlerOptions {
  readonly guard: Guard
  readonly routes: readonly Route[]
  readonly traits: GenerationTraits
  /** Epoch milliseconds, fractional. */
  readonly now: () => number
  readonly stallTimeoutMs: number
  readonly emit: (event: FrontendEvent) => void
}

export interface RequestHandler {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** Resolves when the requests that run now have ended. */
  settled(): Promise<unknown>
  readonly counters: {
    readonly received: number
    readonly refused: number
    readonly failed: number
    readonly aborted: number
  }
}

/**
 * The way of every request: accept → guard → route.
 * What asks a model goes on: validate → identify → answer → record.
 */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { guard, routes, traits, now, stallTimeoutMs, emit } = options
  const counters = { received: 0, refused: 0, failed: 0, aborted: 0 }
  const running = new Set<Promise<void>>()

  function refuse(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
    counters.refused++
    request.resume()
    sendReply(response, reply)
  }

  async function accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    counters.received++
    echoRequestId(request, response)
    const exchange = openExchange(request, response, { receivedMs: now(), stallTimeoutMs })
    if (exchange === undefined) {
      refuse(request, response, errorReply(400, 'The request target is not a path.'))
      return
    }
    const path = exchange.url.pathname
    const refusal = guard(request, path)
    if (refusal !== undefined) {
      refuse(request, response, refusal)
      return
    }
    try {
      await dispatch(routes, exchange, traits)
    } catch (error) {
      emit({ type: 'request-failed', path, error })
      if (response.headersSent) response.destroy()
      else sendReply(response, errorReply(500, 'Internal server error'))
    }
    if (exchange.signal.aborted) counters.aborted++
    else if (response.statusCode >= 400) counters.failed++
    emit({ type: 'request-answered', method: request.method ?? '', path, status: response.statusCode })
  }

  return {
    handle(request, response) {
      const done = accept(request, response).finally(() => running.delete(done))
      running.add(done)
    },
    settled: () => Promise.all(running),
    counters,
  }
}

/** Dynamo's answers carry the id that the request came with, errors too (measured on 1.2.1 to 1.6.1). */
function echoRequestId(request: IncomingMessage, response: ServerResponse): void {
  const id = request.headers['x-request-id']
  if (typeof id === 'string') response.setHeader('x-request-id', id)
}
