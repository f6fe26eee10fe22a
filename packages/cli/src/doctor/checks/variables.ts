// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'
import { formatCounted } from '../../format.ts'
import type { Check } from '../examination.ts'
import { fail, ok, setVariables, skip } from '../finding.ts'
import { given, tracePrefixOf, type TracePrefix } from '../frontend-variables.ts'

/** Whether Dynamo's own variables have the names that this Dynamo reads. */
export const variablesCheck: Check = {
  name: 'variables',
  needs: ['frontend', 'authentication'],
  run({ environment, facts }) {
    const { detection } = facts
    if (detection === undefined || detection.by === 'unknown')
      return skip('it is not known which names the frontend reads')
    const prefix = tracePrefixOf(detection.dialect)
    const stale: TracePrefix = prefix === 'DYN_AGENT_TRACE' ? 'DYN_REQUEST_TRACE' : 'DYN_AGENT_TRACE'
    const names = Object.keys(environment).filter(
      (name) => Boolean(environment[name]) && (name === stale || name.startsWith(`${stale}_`)),
    )
    const renamed = prefix === 'DYN_REQUEST_TRACE' ? toNewNames(names, environment) : toOldNames(names, environment)
    const missing = Object.entries(renamed).filter(([name]) => !environment[name])
    if (missing.length > 0) {
      const release = detection.by === 'openapi' ? `Dynamo ${detection.release}` : 'this Dynamo'
      const those = names.length === 1 ? 'It is the name' : 'They are the names'
      return fail(`${release} does not read ${names.join(', ')}`, {
        meaning: `${those} of Dynamo ${stale === 'DYN_AGENT_TRACE' ? '1.2' : '1.3 and later'}.`,
        cures: [setVariables('Before starting the frontend:', Object.fromEntries(missing))],
        consequence: 'the frontend runs without what they say',
      })
    }
    const own = Object.keys(environment).filter(
      (name) => Boolean(environment[name]) && (name === prefix || name.startsWith(`${prefix}_`)),
    )
    if (own.length === 0) return ok("none of Dynamo's own is set in this shell")
    return ok(`${formatCounted(own.length, 'variable')} of Dynamo's own, by the names that it reads`)
  },
}

/** From 1.3 on there is a switch besides the sinks, without which nothing is traced. */
function toNewNames(names: readonly string[], environment: Environment): Record<string, string> {
  const renamed = Object.fromEntries(
    names.map((name) => [name.replace('DYN_AGENT_TRACE', 'DYN_REQUEST_TRACE'), environment[name] ?? '']),
  )
  return names.includes('DYN_AGENT_TRACE_SINKS') && !names.includes('DYN_AGENT_TRACE')
    ? { DYN_REQUEST_TRACE: '1', ...renamed }
    : renamed
}

/** What 1.2 knows besides the sinks and the path; it calls none of them FILE. */
const oldSuffixes = /^_(CAPACITY|JSONL_\w+|REPLAY_HASHES|TOOL_EVENTS_ZMQ_(ENDPOINT|TOPIC))$/

/** 1.2 has no switch and no default path: naming sinks and a path is how it is switched on. */
function toOldNames(names: readonly string[], environment: Environment): Record<string, string> {
  const renamed: Record<string, string> = {}
  for (const name of names) {
    const suffix = name.slice('DYN_REQUEST_TRACE'.length)
    if (oldSuffixes.test(suffix)) renamed[`DYN_AGENT_TRACE${suffix}`] = environment[name] ?? ''
  }
  const read = (suffix: string) => given(environment, `DYN_REQUEST_TRACE${suffix}`)
  const path = read('_FILE_PATH') ?? read('_OUTPUT_PATH')
  if (read('') !== undefined || read('_SINKS') !== undefined || path !== undefined) {
    const sinks = read('_SINKS')?.replace(/\bfile\b/, read('_FILE_FORMAT') ?? 'jsonl_gz')
    renamed.DYN_AGENT_TRACE_SINKS = sinks ?? read('_FILE_FORMAT') ?? 'jsonl'
    renamed.DYN_AGENT_TRACE_OUTPUT_PATH = path ?? '/tmp/dynamo-trace.jsonl'
  }
  return renamed
}
