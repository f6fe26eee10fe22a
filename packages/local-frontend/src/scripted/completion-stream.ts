// SPDX-License-Identifier: Apache-2.0
import { stringifyExactJson } from '@dynamo-agent/core'
import type { EngineRequest } from '../engine/engine.ts'
import type { Exchange } from '../http/exchange.ts'
import {
  deltaChunk,
  eachChoice,
  finishChunk,
  usageChunk,
  type Completed,
  type CompletionHead,
} from './completion-bodies.ts'
import type { Delta } from './pace-answer.ts'

/** An answer as server-sent events. Each call waits until the client can take more. */
export interface CompletionStream {
  delta(delta: Delta, engine: EngineRequest): Promise<void>
  end(finishReason: string, done: Completed): Promise<void>
}

/** Sends the head of the response at once. */
export function openCompletionStream({ response, writer }: Exchange, head: CompletionHead): CompletionStream {
  const choices = eachChoice(head.request)
  let first = true
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()
  const send = (chunk: object) => writer.write(`data: ${stringifyExactJson(chunk)}\n\n`)

  return {
    async delta(delta, engine) {
      for (const choice of choices) await send(deltaChunk(head, delta, { choice, first, engine }))
      first = false
    },
    async end(finishReason, done) {
      for (const choice of choices) await send(finishChunk(head, done, { choice, finishReason }))
      if (head.request.includeUsage) await send(usageChunk(head, done))
      response.end('data: [DONE]\n\n')
    },
  }
}
