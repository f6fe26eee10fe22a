// SPDX-License-Identifier: Apache-2.0
import { connectableEndpoint, type DialectName, type Environment } from '@dynamo-agent/core'

/** What the names of Dynamo's own trace variables begin with: 1.2 reads the first, 1.3 and later the second. */
export type TracePrefix = 'DYN_AGENT_TRACE' | 'DYN_REQUEST_TRACE'

export function tracePrefixOf(dialect: DialectName): TracePrefix {
  return dialect === 'agent-context-body' ? 'DYN_AGENT_TRACE' : 'DYN_REQUEST_TRACE'
}

/** What a frontend that is started from this shell would do. */
export interface FrontendTracing {
  readonly prefix: TracePrefix
  /** `unset`: the shell says nothing about tracing, so the frontend was started elsewhere. */
  readonly state: 'unset' | 'off' | 'on'
  /** Absent where the shell names none, as the path. */
  readonly sinks?: readonly string[]
  readonly path?: string
  readonly writesFile: boolean
  /** Kinds of rows; absent means all that matter here. */
  readonly records?: readonly string[]
  /** How long a row may wait before it is written. */
  readonly flushIntervalMs: number
  readonly toolEndpoint?: string
  readonly toolTopic?: string
}

/** Of every release. */
const DEFAULT_FLUSH_INTERVAL_MS = 1000

/** Dynamo 1.3 and later write here when no path is set; 1.2 has no default (measured). */
export const DEFAULT_TRACE_PATH = '/tmp/dynamo-request-trace'

/**
 * Reads Dynamo's own variables, of one generation, from a shell.
 *
 * Dynamo 1.2 traces when sinks are named. From 1.3 on the switch alone decides
 * (or from 1.4 on the list of records): with sinks, path and endpoint set but
 * no switch, there is neither file nor port (measured on 1.3.1 and 1.6.1).
 */
export function readFrontendTracing(environment: Environment, prefix: TracePrefix): FrontendTracing {
  const read = (suffix: string) => given(environment, `${prefix}${suffix}`)
  const list = (suffix: string) =>
    read(suffix)
      ?.split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '')
  const sinks = list('_SINKS')
  const records = list('_RECORDS')
  const isNew = prefix === 'DYN_REQUEST_TRACE'
  const on = isNew ? isTruthy(read('')) || records !== undefined : sinks !== undefined
  const writesFile = (sinks ?? ['file']).some((sink) => sink === 'file' || sink.startsWith('jsonl'))
  const path = (isNew ? read('_FILE_PATH') : undefined) ?? read('_OUTPUT_PATH')
  const flushInterval = (isNew ? read('_FILE_FLUSH_INTERVAL_MS') : undefined) ?? read('_JSONL_FLUSH_INTERVAL_MS')
  const toolEndpoint = read('_TOOL_EVENTS_ZMQ_ENDPOINT')
  const toolTopic = read('_TOOL_EVENTS_ZMQ_TOPIC')
  return {
    prefix,
    state: on ? 'on' : namesTracing(environment, prefix) ? 'off' : 'unset',
    writesFile,
    flushIntervalMs: Number(flushInterval) || DEFAULT_FLUSH_INTERVAL_MS,
    ...(sinks !== undefined && { sinks }),
    ...(path !== undefined && { path }),
    ...(records !== undefined && { records }),
    ...(toolEndpoint !== undefined && { toolEndpoint }),
    ...(toolTopic !== undefined && { toolTopic }),
  }
}

/** A variable that is set; an empty value counts as unset. */
export function given(environment: Environment, name: string): string | undefined {
  return environment[name] === '' ? undefined : environment[name]
}

/**
 * What a frontend lacks in this shell to trace at all.
 *
 * @param wanted The file to write, where the shell names none.
 */
export function switchVariables(tracing: FrontendTracing, wanted: string | undefined): Record<string, string> {
  const { prefix, state, sinks, path } = tracing
  if (state === 'on') return {}
  const file = {
    ...(sinks === undefined && { [`${prefix}_SINKS`]: 'jsonl' }),
    ...(path === undefined && { [`${prefix}_OUTPUT_PATH`]: wanted ?? '/tmp/dynamo-trace.jsonl' }),
  }
  // 1.2 has no switch of its own; later ones have a default for everything else.
  if (prefix === 'DYN_AGENT_TRACE') return file
  return { [prefix]: '1', ...(wanted !== undefined && path === undefined && file) }
}

/** Whether messages to one endpoint reach a socket that is bound to the other. */
export function reaches(target: string, bound: string): boolean {
  const [to, at] = [target, bound].map((endpoint) =>
    connectableEndpoint(endpoint)?.replace('://localhost:', '://127.0.0.1:'),
  )
  if (to === undefined || at === undefined) return false
  const bindsAll = /^tcp:\/\/(\*|0\.0\.0\.0|\[::\]):/.test(bound.trim())
  return to === at || (bindsAll && portOf(to) === portOf(at))
}

/** Agents read tool-event variables too, and the others only refine; these tell that a frontend is to trace. */
function namesTracing(environment: Environment, prefix: TracePrefix): boolean {
  return ['', '_SINKS', '_OUTPUT_PATH', '_FILE_PATH', '_FILE_FORMAT'].some(
    (suffix) => given(environment, `${prefix}${suffix}`) !== undefined,
  )
}

function isTruthy(value: string | undefined): boolean {
  return value !== undefined && /^(1|true|yes|on)$/i.test(value)
}

function portOf(endpoint: string): string | undefined {
  return /:(\d+)$/.exec(endpoint)?.[1]
}
