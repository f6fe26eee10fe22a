// SPDX-License-Identifier: Apache-2.0
import { endpoints } from '../endpoints/endpoints.ts'
import { createEngine } from '../engine/create-engine.ts'
import type { EngineOptions } from '../engine/engine.ts'
import { errorReply, jsonReply, sendReply } from '../http/reply.ts'
import { pathBelow, type Route } from '../http/routes.ts'
import type { Script } from '../script/script.ts'
import type { ModelService, ServiceContext } from '../service.ts'
import { answerRequest } from './answer-request.ts'

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
      ...endpoints.map((endpoint): Route => ({
        method: 'POST',
        path: endpoint.path,
        handle: (exchange) => answerRequest(exchange, endpoint, { script, engine, context }),
      })),
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
