// SPDX-License-Identifier: Apache-2.0
import { readEnvironment, type Environment, type EnvironmentSettings } from '@dynamo-agent/core'
import type { PiHost, PiStreamSimple } from './pi/host.ts'
import { loadStreamSimple } from './pi/pi-ai.ts'
import { SENTINEL_API_KEY, withApiKey } from './provider/api-key.ts'
import { discoverModels, type Discovery } from './provider/discovery.ts'
import { describeModel, FALLBACK_MODEL_ID, parseModelIds, type ServedModel } from './provider/models.ts'

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
    // Asked before anything else is loaded: that happens while Dynamo answers.
    const discovery = discoverModels({ baseUrl, apiKey, timeoutMs: discoveryTimeoutMs })
    const [streamSimple, { models: served }] = await Promise.all([
      loadClient(pi, { settings, environment, discovery, streamSimple: options.streamSimple }),
      discovery,
    ])
    const models = served.length > 0 ? served : (options.fallbackModels ?? fallbackModels(environment))
    pi.registerProvider('dynamo', {
      name: 'NVIDIA Dynamo',
      baseUrl,
      apiKey: SENTINEL_API_KEY,
      api: API,
      models: models.map(describeModel),
      streamSimple,
    })
  }
}

interface ClientOptions {
  readonly settings: EnvironmentSettings
  readonly environment: Environment
  readonly discovery: Promise<Discovery>
  readonly streamSimple: PiStreamSimple | undefined
}

/** Pi's client with the real key and, unless everything but the models is switched off, with identity. */
async function loadClient(pi: PiHost, options: ClientOptions): Promise<PiStreamSimple> {
  const { settings, environment, discovery } = options
  const withKey = withApiKey(options.streamSimple ?? (await loadStreamSimple()), settings.apiKey)
  if (settings.disabled) return withKey
  const [{ observeSession }, { identifyStream }] = await Promise.all([
    import('./session/observe-session.ts'),
    import('./provider/stream.ts'),
  ])
  return identifyStream(withKey, await observeSession(pi, { settings, environment, discovery }))
}

function fallbackModels(environment: Environment): ServedModel[] {
  const ids = parseModelIds(environment.DYNAMO_MODELS)
  return (ids.length > 0 ? ids : [FALLBACK_MODEL_ID]).map((id) => ({ id }))
}
