// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { clientEnvironment } from './client-environment.ts'
import { endpoints } from './endpoints/endpoints.ts'
import { epochNow } from './engine/clock.ts'
import { generations } from './generation.ts'
import { createGuard } from './http/guard.ts'
import { openApiDocument } from './http/openapi.ts'
import { jsonReply, sendReply } from './http/reply.ts'
import { createRequestHandler } from './http/request-handler.ts'
import type { Route } from './http/routes.ts'
import { listen } from './http/server.ts'
import type {
  FrontendEvent,
  LocalFrontend,
  LocalFrontendCounters,
  LocalFrontendOptions,
  ModelOptions,
} from './options.ts'
import { createScriptedService } from './scripted/scripted-service.ts'
import type { ModelService, ServiceContext } from './service.ts'
import { requestRow } from './trace/request-row.ts'
import { openTraceRecorder } from './trace/trace-recorder.ts'
import { createUpstreamService } from './upstream/upstream-service.ts'
import { within } from './within.ts'

/**
 * Starts a frontend that speaks Dynamo's protocol on this machine.
 *
 * @throws DynamoAgentError `DYN_PORT_IN_USE`, `DYN_INVALID_OPTION`,
 * `DYN_OUTPUT_UNWRITABLE` when the trace cannot be written,
 * `DYN_INVALID_ENDPOINT` or `DYN_ZMQ_UNAVAILABLE` when tool events cannot be
 * taken in.
 */
export async function startLocalFrontend(options: LocalFrontendOptions): Promise<LocalFrontend> {
  const { host = '127.0.0.1', port = 0, generation = '1.3+', now = epochNow, apiKey } = options
  const { maxBodyBytes = 32 * 1024 * 1024, stallTimeoutMs = 30_000, closeTimeoutMs = 2000 } = options
  const traits = generations[generation]
  let recorded = 0
  const emit = (event: FrontendEvent) => {
    try {
      options.onEvent?.(event)
    } catch {
      // A log that fails must not fail what it logs.
    }
  }

  const service = createService(options.model, {
    generation,
    now,
    randomU64: options.randomU64,
    createRequestId: options.createRequestId ?? randomUUID,
    maxBodyBytes,
    record(served, caller) {
      const row = requestRow(served, caller, traits)
      if (row === undefined) return
      recorded++
      recorder.log.write(row)
    },
  })
  const recorder = await openTraceRecorder({
    traits,
    trace: options.trace,
    toolEvents: options.toolEvents ?? {},
    now,
    closeTimeoutMs,
    onDropped: (reason) => {
      emit({ type: 'tool-event-dropped', reason })
    },
  })

  const requests = createRequestHandler({
    guard: createGuard({ host, allowedHosts: options.allowedHosts ?? [], apiKey }),
    routes: [...commonRoutes(traits.release, service), ...service.routes],
    traits,
    now,
    stallTimeoutMs,
    emit,
  })

  const server = await listen({ host, port, handle: requests.handle }).catch(async (error: unknown) => {
    service.close()
    await recorder.close()
    throw error
  })

  await recorder.begin()

  let closed: Promise<void> | undefined
  async function shutDown(): Promise<void> {
    await server.close(closeTimeoutMs)
    await within(closeTimeoutMs, requests.settled())
    service.close()
    await recorder.close()
    emit({ type: 'closed' })
  }

  const baseUrl = `${reachableOrigin(server.origin)}/v1`
  const { toolEventsEndpoint, toolEventsTopic } = recorder
  emit({ type: 'listening', baseUrl })
  const close = () => (closed ??= shutDown())
  return {
    baseUrl,
    generation,
    ...(toolEventsEndpoint !== undefined && { toolEventsEndpoint }),
    get traceFiles() {
      return recorder.files
    },
    get traceProblem() {
      return recorder.problem
    },
    get counters(): LocalFrontendCounters {
      return { requests: { ...requests.counters, recorded }, toolEvents: recorder.toolEvents, rows: recorder.rows }
    },
    environmentFor: (environment) =>
      clientEnvironment({ baseUrl, generation, toolEventsEndpoint, toolEventsTopic, apiKey }, environment),
    async drain() {
      if (closed !== undefined) return closed
      await within(closeTimeoutMs, requests.settled())
      await recorder.drain()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function createService(
  model: ModelOptions,
  { randomU64, ...context }: ServiceContext & { readonly randomU64: (() => bigint) | undefined },
): ModelService {
  if ('upstream' in model) return createUpstreamService(model, context)
  return createScriptedService(
    { script: model.script, engine: { ...(randomU64 && { randomU64 }), ...model.engine } },
    context,
  )
}

function commonRoutes(release: string, service: ModelService): Route[] {
  const served = ['/health', '/live', ...endpoints.map(({ path }) => path), '/v1/models', '/v1/models/{*model_id}']
  const document = openApiDocument(release, served)
  const health = {
    status: 'healthy',
    endpoints: service.instances.length > 0 ? ['dyn://dynamo.backend.generate'] : [],
    instances: service.instances,
  }
  const fixed = {
    '/openapi.json': document,
    '/health': health,
    '/live': { status: 'live', message: 'Service is live' },
  }
  return Object.entries(fixed).map(([path, body]) => ({
    method: 'GET',
    path,
    handle: ({ response }) => {
      sendReply(response, jsonReply(200, body))
    },
  }))
}

/** An address that stands for every interface can be bound, but not called. */
function reachableOrigin(origin: string): string {
  return origin.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}
