// SPDX-License-Identifier: Apache-2.0
import type { AgentContext, Environment } from '@dynamo-agent/core'
import type { PiHost, PiStreamSimple } from './pi/host.ts'
import { loadStreamSimple, type ImportModule } from './pi/pi-ai.ts'
import { SENTINEL_API_KEY, withApiKey } from './provider/api-key.ts'
import { createDirectFetch } from './provider/direct-fetch.ts'
import { discoverModels } from './provider/discovery.ts'
import { createModelList } from './provider/model-list.ts'
import { FALLBACK_MODEL_ID, parseModelIds, type ServedModel } from './provider/models.ts'
import type { ObserveSessionOptions } from './session/observe-session.ts'
import { piAgentFolder, piSettingsFiles, readDynamoSettings, readWithSettings } from './settings/dynamo-settings.ts'
import { namesModelsOfDynamo } from './settings/pi-models-file.ts'

export interface DynamoExtensionOptions {
  /** Where settings and inherited identity are read. @defaultValue process.env */
  readonly environment?: Environment
  /**
   * Settings files with a section `dynamo`; later ones win.
   * @defaultValue Pi's own and that of the project in the working directory
   */
  readonly settingsFiles?: readonly string[]
  /** How long Pi's start may wait for Dynamo's model list, in milliseconds. @defaultValue 2000 */
  readonly discoveryTimeoutMs?: number
  /**
   * Offered when Dynamo does not answer in time.
   * @defaultValue the ids in `DYNAMO_MODELS`, else those in the settings, else one named `default`
   */
  readonly fallbackModels?: readonly ServedModel[]
  /**
   * Who a session is, from hosts that know better than Pi: told the id that Pi
   * gives the session. @defaultValue what Pi and the environment say
   */
  readonly contextOf?: (piSessionId: string) => AgentContext | undefined
  /** Pi's client for OpenAI-compatible endpoints, from hosts that import it themselves. @defaultValue found in Pi */
  readonly streamSimple?: PiStreamSimple
  /** Imports Pi's own modules by their names. @defaultValue import() from this package */
  readonly importModule?: ImportModule
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
 * and tool events where an endpoint is set. Where everything but the models is
 * switched off and Pi has those from its own `models.json`, it leaves them alone.
 */
export function createDynamoExtension(options: DynamoExtensionOptions = {}): DynamoExtension {
  const { environment = process.env, discoveryTimeoutMs: timeoutMs = 2000 } = options
  return async (pi) => {
    const dynamo = readDynamoSettings(options.settingsFiles ?? piSettingsFiles(environment, process.cwd()))
    const settings = readWithSettings(environment, dynamo)
    const { baseUrl, apiKey, disabled } = settings
    if (disabled && namesModelsOfDynamo(piAgentFolder(environment))) return
    const fetch = createDirectFetch(environment)
    const named = namedModels(environment, Object.keys(dynamo.models))
    const models = createModelList({
      ask: (signal) => discoverModels({ baseUrl, apiKey, timeoutMs, fetch, signal }),
      fallback: options.fallbackModels ?? (named.length > 0 ? named : [{ id: FALLBACK_MODEL_ID }]),
      settings: dynamo.models,
    })
    // Asked before anything else is loaded: that happens while Dynamo answers.
    // Who has switched everything off and named the models waits for nothing.
    const listed = disabled && named.length > 0 ? undefined : models.refresh()
    const client = { ...options, settings, settingProblems: dynamo.problems, environment, models, fetch }
    const [streamSimple] = await Promise.all([loadClient(pi, client), listed])
    const register = () => {
      pi.registerProvider('dynamo', {
        name: 'NVIDIA Dynamo',
        baseUrl,
        apiKey: SENTINEL_API_KEY,
        api: API,
        models: [...models.offered],
        streamSimple,
        async refreshModels({ allowNetwork }) {
          if (allowNetwork !== false) await models.refresh()
          return [...models.offered]
        },
      })
    }
    register()
    models.onChange(register)
  }
}

type ClientOptions = Pick<DynamoExtensionOptions, 'streamSimple' | 'importModule'> & ObserveSessionOptions

/** Pi's client with the real key and, unless everything but the models is switched off, with identity. */
async function loadClient(pi: PiHost, options: ClientOptions): Promise<PiStreamSimple> {
  const { settings, importModule = (name) => import(name) } = options
  const withKey = withApiKey(options.streamSimple ?? (await loadStreamSimple(importModule)), settings.apiKey)
  if (settings.disabled) return withKey
  const [{ observeSession }, { identifyStream }] = await Promise.all([
    import('./session/observe-session.ts'),
    import('./provider/stream.ts'),
  ])
  return identifyStream(withKey, await observeSession(pi, options))
}

/** What somebody says is served: the environment goes before the settings. */
function namedModels(environment: Environment, described: readonly string[]): readonly ServedModel[] {
  const listed = parseModelIds(environment.DYNAMO_MODELS)
  return (listed.length > 0 ? listed : described).map((id) => ({ id }))
}
