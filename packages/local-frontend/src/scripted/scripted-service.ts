// SPDX-License-Identifier: Apache-2.0
import { readChatRequest } from '../chat/read-chat-request.ts'
import { renderPrompt } from '../chat/render-prompt.ts'
import { createEngine } from '../engine/create-engine.ts'
import type { Engine, EngineOptions } from '../engine/engine.ts'
import { generations } from '../generation.ts'
import type { Exchange } from '../http/exchange.ts'
import { readBody } from '../http/read-body.ts'
import { saysJson, wrongTypeReply } from '../http/content-type.ts'
import { errorReply, jsonReply, sendReply, tooLargeReply } from '../http/reply.ts'
import { pathBelow } from '../http/routes.ts'
import { identifyCaller } from '../identity/caller.ts'
import { readCompletionRequest } from '../request/read-completion-request.ts'
import { answerFor } from '../script/answer-for.ts'
import type { Script } from '../script/script.ts'
import type { ModelService, ServiceContext } from '../service.ts'
import { completionBody, type Completed, type CompletionHead } from './completion-bodies.ts'
import { openCompletionStream } from './completion-stream.ts'
import { generate, type Generated } from './generate.ts'
import { servedByEngine } from './served-by-engine.ts'

export interface ScriptedModelOptions {
  readonly script: Script
  readonly engine?: EngineOptions | undefined
}

/** Answers from a script, in the time that a simulated engine takes. */
export function createScriptedService(options: ScriptedModelOptions, context: ServiceContext): ModelService {
  const { script } = options
  const engine = createEngine({ now: context.now, ...options.engine })
  const created = Math.floor(context.now() / 1000)
  const models = script.models.map(({ id, contextWindow }) => ({
    id,
    object: 'model',
    created,
    owned_by: 'nvidia',
    context_window: contextWindow,
  }))

  return {
    routes: [
      {
        method: 'GET',
        path: '/v1/models',
        handle: ({ response }) => {
          sendReply(response, jsonReply(200, { object: 'list', data: models }))
        },
      },
      {
        method: 'GET',
        path: '/v1/models/*',
        handle: (exchange) => {
          const model = models.find(({ id }) => id === pathBelow('/v1/models/', exchange))
          sendReply(exchange.response, model === undefined ? modelNotFound : jsonReply(200, model))
        },
      },
      {
        method: 'POST',
        path: '/v1/chat/completions',
        handle: (exchange) => complete(exchange, { script, engine, context }),
      },
    ],
    instances: engine.workerIds.map((id) => ({
      component: 'backend',
      endpoint: 'generate',
      namespace: 'dynamo',
      instance_id: id,
      transport: 'simulated',
    })),
    close() {
      // Its requests end with the connections of their clients.
    },
  }
}

const modelNotFound = errorReply(404, 'Model not found')

interface Scene {
  readonly script: Script
  readonly engine: Engine
  readonly context: ServiceContext
}

/** validate → identify → answer → record */
async function complete(exchange: Exchange, { script, engine, context }: Scene): Promise<void> {
  const { generation } = context
  if (!saysJson(exchange.request)) {
    exchange.request.resume()
    sendReply(exchange.response, wrongTypeReply(generations[generation]))
    return
  }
  const bytes = await readBody(exchange.request, context.maxBodyBytes)
  if (bytes === 'aborted') return
  if (bytes === 'too-large') {
    sendReply(exchange.response, tooLargeReply(context.maxBodyBytes))
    return
  }
  const read = readCompletionRequest(bytes, generations[generation])
  if (!read.accepted) {
    sendReply(exchange.response, read.reply)
    return
  }
  const { request } = read
  if (!script.models.some(({ id }) => id === request.model)) {
    sendReply(exchange.response, modelNotFound)
    return
  }

  const caller = identifyCaller(exchange.request, request.body, generation)

  const chat = readChatRequest(request.body)
  const answer = answerFor(script, chat)
  const { receivedMs, signal } = exchange
  const head: CompletionHead = { generation, request, requestId: context.createRequestId(), receivedMs }
  const stream = request.stream ? openCompletionStream(exchange, head) : undefined
  const prompt = {
    text: renderPrompt(chat),
    receivedMs,
    ...(request.priority !== undefined && { priority: request.priority }),
  }
  const generated = await generate({
    engine,
    prompt,
    answer,
    signal,
    onDelta: async (delta, served) => stream?.delta(delta, served),
  })

  // Before the last bytes go out: what the client does next must come later in the trace.
  context.record(
    servedByEngine({ head, answer, generated, blockSize: engine.blockSize, endedMs: context.now() }),
    caller,
  )

  if (!isComplete(generated)) return
  if (stream === undefined) sendReply(exchange.response, jsonReply(200, completionBody(head, answer, generated)))
  else await stream.end(answer.finishReason, generated)
}

function isComplete(generated: Generated): generated is Completed {
  return generated.complete
}
