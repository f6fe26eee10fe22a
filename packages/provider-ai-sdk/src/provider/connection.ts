// SPDX-License-Identifier: Apache-2.0
import { createDialectSelector, type DialectSelector } from '@dynamo-agent/client/detect'
import { createIdentityFetch, withErrorEnvelope } from '@dynamo-agent/client/identity'
import {
  DynamoAgentError,
  normalizeBaseUrl,
  readEnvironment,
  type EnvironmentSettings,
  type PriorityPolicy,
} from '@dynamo-agent/core'
import { processEnvironment } from '../context/process-environment.ts'
import { currentAttempt } from './attempt.ts'
import { defaultFetch } from './default-fetch.ts'
import type { DynamoHints } from './hints.ts'
import type { DynamoProviderSettings } from './settings.ts'
import { createTrajectories, type Trajectories } from './trajectories.ts'

/** What all models of one provider share: where the frontend is, what is known of it, and how requests get there. */
export interface Connection {
  readonly baseUrl: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Adds the identity of the current attempt, if there is one, and has refusals in the form that the SDK reads. */
  readonly fetch: typeof globalThis.fetch
  readonly selector: DialectSelector
  /** Of the environment, then of the settings. */
  readonly hints: readonly (DynamoHints | undefined)[]
  readonly extraFields: readonly string[]
  readonly tellsSessionFinal: boolean
  readonly priorityPolicy: PriorityPolicy
  readonly trajectories: Trajectories
  /** `DYN_AGENT_DISABLE` is set: the models work, nothing else happens. */
  readonly disabled: boolean
}

/**
 * Reads settings and environment. Nothing is asked of the frontend yet.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when `baseURL` is no http
 * address, or the key or one of the headers cannot travel.
 */
export function connect(settings: DynamoProviderSettings): Connection {
  const environment = readEnvironment(processEnvironment())
  const { apiKey = environment.apiKey, dialect = environment.dialect, fetch = defaultFetch } = settings
  const baseUrl = settings.baseURL ?? environment.baseUrl
  const selector = createDialectSelector({ baseUrl, apiKey, dialect, fetch: settings.fetch })
  return {
    baseUrl: normalizeBaseUrl(baseUrl) ?? baseUrl,
    headers: { ...authorization(apiKey), ...checkHeaders(settings.headers) },
    fetch: withErrorEnvelope(environment.disabled ? fetch : identifying(selector, fetch)),
    selector,
    hints: [hintsOf(environment), settings.hints],
    extraFields: settings.extraFields ?? ['worker_id', 'timing'],
    tellsSessionFinal: environment.sessionFinal ?? true,
    priorityPolicy: environment.priorityPolicy,
    trajectories: createTrajectories(),
    disabled: environment.disabled,
  }
}

function identifying(selector: DialectSelector, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return createIdentityFetch({
    selector,
    identify: (spoken) => currentAttempt.getStore()?.identify(spoken),
    fetch: (...request) => currentAttempt.getStore()?.send(request, fetch) ?? fetch(...request),
  })
}

function hintsOf({ hints, learnsOutputLength, learnsSpeculativePrefill }: EnvironmentSettings): DynamoHints {
  return {
    ...hints,
    ...(learnsOutputLength && { outputLength: 'auto' }),
    ...(learnsSpeculativePrefill && { speculativePrefill: 'auto' }),
  }
}

/** What fetch throws would repeat a value that cannot travel, and that may be a secret, so it never gets so far. */
function checkHeaders(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const checked = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    try {
      checked.set(name, value)
    } catch {
      throw cannotTravel(`the header ${JSON.stringify(name)}`, 'Correct `headers` in the settings of createDynamo.')
    }
  }
  return Object.fromEntries(checked)
}

function authorization(apiKey: string): Readonly<Record<string, string>> {
  const value = `Bearer ${apiKey}`
  try {
    new Headers({ authorization: value })
  } catch {
    throw cannotTravel('apiKey', 'Set DYNAMO_API_KEY to the token alone, on one line.')
  }
  return { authorization: value }
}

function cannotTravel(what: string, advice: string): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_INVALID_OPTION',
    message: `${what} holds a character that cannot travel in a header`,
    advice,
  })
}
