// SPDX-License-Identifier: Apache-2.0
import type { DialectName, Environment } from '@dynamo-agent/core'
import type { TracePrefix } from './dynamo-variables.ts'

export function tracePrefixOf(dialect: DialectName): TracePrefix {
  return dialect === 'agent-context-body' ? 'DYN_AGENT_TRACE' : 'DYN_REQUEST_TRACE'
}

/** What a frontend that is started from this shell would do. */
export interface FrontendTracing {
  readonly prefix: TracePrefix
  /** `unset`: the shell says nothing about tracing, so the frontend was started elsewhere. */
  readonly state: 'unset' | 'off' | 'on'
  /** Those that the release knows; absent where the shell names none, as the path. */
  readonly sinks?: readonly string[]
  /** Those that it does not know, which it ignores. */
  readonly unknownSinks: readonly string[]
  readonly path?: string
  /** What to set for another path: of the two names for it, the one that goes first. */
  readonly pathVariable: string
  readonly writesFile: boolean
  /** Kinds of rows; absent means all that matter here. */
  readonly records?: readonly string[]
  /** How long a row may wait before it is written. */
  readonly flushIntervalMs: number
  readonly toolEndpoint?: string
  readonly toolTopic?: string
}

const fileSinks: readonly string[] = ['file', 'jsonl', 'jsonl_gz']
/** Of 1.2 and 1.3. */
const firstSinks: readonly string[] = ['jsonl', 'jsonl_gz', 'stderr']
/** Of 1.4 and later. */
const knownSinks: readonly string[] = [...firstSinks, 'file', 'nats', 'otel', 's3']

/** Of every release. */
const DEFAULT_FLUSH_INTERVAL_MS = 1000

/** Dynamo 1.3 and later write here when no path is set; 1.2 has no default (measured). */
export const DEFAULT_TRACE_PATH = '/tmp/dynamo-request-trace'

/** Whether it is one of the releases that do not read the names that came with 1.4. */
export function isFirstOfNewNames(release: string | undefined): boolean {
  return release !== undefined && /^1\.3(?!\d)/.test(release)
}

/**
 * Reads Dynamo's own variables, of one generation, from a shell.
 *
 * Dynamo 1.2 traces when sinks are named. From 1.3 on the switch alone decides
 * (or from 1.4 on the list of records): with sinks, path and endpoint set but
 * no switch, there is neither file nor port. A sink that a release does not
 * know is ignored, also where it is the only one (measured on 1.2.1, 1.3.1
 * and 1.6.1).
 *
 * @param release Where it is known; else what the newest ones do.
 */
export function readFrontendTracing(environment: Environment, prefix: TracePrefix, release?: string): FrontendTracing {
  const read = (suffix: string) => given(environment, `${prefix}${suffix}`)
  const list = (suffix: string) =>
    read(suffix)
      ?.split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '')
  const hasSwitch = prefix === 'DYN_REQUEST_TRACE'
  const isNew = hasSwitch && !isFirstOfNewNames(release)
  const known = isNew ? knownSinks : firstSinks
  const sinks = list('_SINKS')
  const records = isNew ? list('_RECORDS') : undefined
  const on = hasSwitch ? isTruthy(read('')) || records !== undefined : sinks !== undefined
  const pathEnd = isNew && read('_FILE_PATH') !== undefined ? '_FILE_PATH' : '_OUTPUT_PATH'
  const path = read(pathEnd)
  const flushInterval = (isNew ? read('_FILE_FLUSH_INTERVAL_MS') : undefined) ?? read('_JSONL_FLUSH_INTERVAL_MS')
  const toolEndpoint = read('_TOOL_EVENTS_ZMQ_ENDPOINT')
  const toolTopic = read('_TOOL_EVENTS_ZMQ_TOPIC')
  return {
    prefix,
    state: on ? 'on' : namesTracing(environment, prefix) ? 'off' : 'unset',
    pathVariable: prefix + pathEnd,
    writesFile: sinks === undefined || sinks.some((sink) => known.includes(sink) && fileSinks.includes(sink)),
    unknownSinks: (sinks ?? []).filter((sink) => !known.includes(sink)),
    flushIntervalMs: Number(flushInterval) || DEFAULT_FLUSH_INTERVAL_MS,
    ...(sinks !== undefined && { sinks: sinks.filter((sink) => known.includes(sink)) }),
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
 * What a frontend lacks in this shell to trace, and to write a file where one is wanted.
 *
 * @param wanted The file to write, where the shell names none.
 */
export function switchVariables(tracing: FrontendTracing, wanted: string | undefined): Record<string, string> {
  const { prefix, state, sinks = [], path, pathVariable, writesFile } = tracing
  const isOld = prefix === 'DYN_AGENT_TRACE'
  const isOff = state !== 'on'
  // 1.2 has neither a switch nor defaults; later ones have a default for everything but the switch.
  const namesFile = isOff && (isOld || (wanted !== undefined && path === undefined))
  const needsFile = wanted !== undefined || sinks.length === 0
  const lacksSink = tracing.sinks === undefined ? namesFile : !writesFile && needsFile
  return {
    ...(isOff && !isOld && { [prefix]: '1' }),
    ...(lacksSink && { [`${prefix}_SINKS`]: [...sinks, 'jsonl'].join(',') }),
    ...(namesFile && path === undefined && { [pathVariable]: wanted ?? '/tmp/dynamo-trace.jsonl' }),
  }
}

/** What makes a frontend write this very file; the sinks of the shell stay where one of them writes files. */
export function fileVariables(tracing: FrontendTracing, path: string): Record<string, string> {
  const { prefix, sinks = [], writesFile, pathVariable } = tracing
  return {
    ...switchVariables(tracing, path),
    ...((tracing.sinks === undefined || !writesFile) && { [`${prefix}_SINKS`]: [...sinks, 'jsonl'].join(',') }),
    [pathVariable]: path,
  }
}

/** What makes a frontend trace requests and tools both, whatever else its shell says; 1.2 and 1.3 always do. */
export function recordsVariables({ prefix }: FrontendTracing, release: string | undefined): Record<string, string> {
  const hasRecords = prefix === 'DYN_REQUEST_TRACE' && !isFirstOfNewNames(release)
  return hasRecords ? { DYN_REQUEST_TRACE_RECORDS: 'request_end,tool' } : {}
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
