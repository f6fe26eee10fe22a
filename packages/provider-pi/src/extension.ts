// SPDX-License-Identifier: Apache-2.0
import { createDialectSelector } from '@dynamo-agent/client'
import { readEnvironment, type Environment } from '@dynamo-agent/core'
import type { PiHost, PiStreamSimple } from './pi/host.ts'
import { loadStreamSimple } from './pi/pi-ai.ts'
import { discoverModels } from './provider/discovery.ts'
import { describeModel, FALLBACK_MODEL_ID, parseModelIds, type ServedModel } from './provider/models.ts'
import { identifyStream, SENTINEL_API_KEY } from './provider/stream.ts'
import { createPiSession } from './session/pi-session.ts'

export interface DynamoExtensionOptions {
  /** Where settings and inherited identity are read. @defaultValue process.env */
  readonly environment?: Environment
  /** How long Pi's start may wait for Dynamo's model list, in milliseconds. @defaultValue 2000 */
  readonly discoveryTimeoutMs?: number
  /** Offered when Dynamo does not answer in time. @defaultValue the ids in `DYNAMO_MODELS`, else one named `default` */
  readonly fallbackModels?: readonly ServedModel[]
  /** Pi's client for OpenAI-compatible endpoints, from hosts that import it themselves. @defaultValue found in Pi */
  readonly streamSimple?: PiStreamSimple
}

/** A factory as Pi runs it: once for each session, and for `--list-models` without one. */
export type DynamoExtension = (pi: PiHost) => Promise<void>

/**
 * An api of our own: Pi 0.73 registers a client for its api everywhere, so
 * under `openai-completions` it would take over the requests of other providers.
 */
const API = 'dynamo-openai-completions'

/**
 * Makes the Pi extension: the provider `dynamo`, identity on every LLM call,
 * and tool events where an endpoint is set.
 */
export function createDynamoExtension(options: DynamoExtensionOptions = {}): DynamoExtension {
  const { environment = process.env, discoveryTimeoutMs = 2000 } = options
  return async (pi) => {
    const settings = readEnvironment(environment)
    const { baseUrl, apiKey } = settings
    const selector = createDialectSelector({ baseUrl, apiKey, dialect: settings.dialect })
    const session = settings.disabled ? undefined : createPiSession({ settings, environment, selector })

    const [streamSimple, served] = await Promise.all([
      options.streamSimple ?? loadStreamSimple(),
      discoverModels({ baseUrl, apiKey, timeoutMs: discoveryTimeoutMs }),
      // Identity depends on it, and that is settled when the session starts.
      session && selector.select(),
    ])
    const models = served.length > 0 ? served : (options.fallbackModels ?? fallbackModels(environment))
    pi.registerProvider('dynamo', {
      name: 'NVIDIA Dynamo',
      baseUrl,
      apiKey: SENTINEL_API_KEY,
      api: API,
      models: models.map(describeModel),
      streamSimple: identifyStream({
        streamSimple,
        apiKey,
        identity: session && { selector, identify: (dialect) => session.identify(dialect) },
      }),
    })

    if (session === undefined) return
    pi.on('session_start', (_event, context) => {
      session.start(context)
    })
    pi.on('tool_execution_start', (event) => {
      session.toolStarted(event)
    })
    pi.on('tool_execution_end', (event, context) => {
      session.toolEnded(event, context.signal?.aborted ?? false)
    })
    pi.on('session_shutdown', () => session.end())
  }
}

function fallbackModels(environment: Environment): ServedModel[] {
  const ids = parseModelIds(environment.DYNAMO_MODELS)
  return (ids.length > 0 ? ids : [FALLBACK_MODEL_ID]).map((id) => ({ id }))
}
