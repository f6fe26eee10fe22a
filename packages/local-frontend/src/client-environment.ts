// SPDX-License-Identifier: Apache-2.0
import { DEFAULT_API_KEY, environmentVariables } from '@dynamo-agent/core'
import { generations, type Generation } from './generation.ts'

export interface ClientSettings {
  readonly baseUrl: string
  readonly generation: Generation
  readonly toolEventsEndpoint: string | undefined
  readonly toolEventsTopic: string
  /** The token that the frontend requires, if it does. */
  readonly apiKey: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The variables that make a program talk to a frontend. Addresses are always
 * set, because reaching the frontend is the point; a key that the user has set
 * stays, because an upstream may want it, unless the frontend asks for its own.
 * The dialect is always that of the frontend, which understands no other.
 */
export function clientEnvironment(
  settings: ClientSettings,
  environment: Environment,
): Readonly<Record<string, string>> {
  const { baseUrl, generation, toolEventsEndpoint, toolEventsTopic, apiKey } = settings
  const given = (name: string) => (environment[name] === '' ? undefined : environment[name])
  const key = (name: string) => apiKey ?? given(name) ?? DEFAULT_API_KEY
  return {
    DYNAMO_BASE_URL: baseUrl,
    OPENAI_BASE_URL: baseUrl,
    DYNAMO_API_KEY: key('DYNAMO_API_KEY'),
    OPENAI_API_KEY: key('OPENAI_API_KEY'),
    DYN_AGENT_DIALECT: generations[generation].dialect.name,
    ...(toolEventsEndpoint === undefined
      ? noToolEvents
      : {
          DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: toolEventsEndpoint,
          DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC: toolEventsTopic,
        }),
    ...withoutProxy(environment),
  }
}

/** Without ingest here, an endpoint of the user's own shell would take the tool events of these requests elsewhere. */
const noToolEvents = Object.fromEntries(
  environmentVariables
    .filter(({ name }) => name === 'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT')
    .flatMap(({ name, aliases }) => [name, ...aliases])
    .map((name) => [name, '']),
)

/** A program that goes through a proxy would look for the frontend on the proxy's machine. */
function withoutProxy(environment: Environment): Readonly<Record<string, string>> {
  const proxied = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].some((name) => environment[name])
  if (!proxied) return {}
  const given = [environment.no_proxy, environment.NO_PROXY].find(Boolean)
  const hosts = [...(given === undefined ? [] : [given]), '127.0.0.1', 'localhost', '::1'].join(',')
  return { no_proxy: hosts, NO_PROXY: hosts }
}
