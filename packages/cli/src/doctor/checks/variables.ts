// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'
import { formatCounted } from '../../format.ts'
import { isTraceVariable, traceVariables, type TracePrefix } from '../dynamo-variables.ts'
import { findMeant, renameVariables, type UnreadName } from '../environment/unread-names.ts'
import { nameFrontend, releaseOf, type Check } from '../examination.ts'
import { fail, ok, setVariables, skip, warn } from '../finding.ts'
import { given, isFirstOfNewNames, tracePrefixOf } from '../frontend-variables.ts'

/** Whether Dynamo's own variables have the names that this Dynamo reads. */
export const variablesCheck: Check = {
  name: 'variables',
  needs: ['frontend', 'authentication'],
  run(examination) {
    const { environment, facts } = examination
    const { detection } = facts
    if (detection === undefined || detection.by === 'unknown')
      return skip('it is not known which names the frontend reads')
    const prefix = tracePrefixOf(detection.dialect)
    const set = Object.keys(environment).filter((name) => environment[name])
    const stale = findStaleNames(set, { prefix, release: releaseOf(examination), environment })
    const missing = Object.entries(stale.renamed).filter(([name]) => !environment[name])
    if (missing.length > 0) {
      const { names } = stale
      const those = names.length === 1 ? 'It is the name' : 'They are the names'
      return fail(`${nameFrontend(examination)} does not read ${names.join(', ')}`, {
        meaning: `${those} of Dynamo ${stale.of}.`,
        cures: [setVariables('Before starting the frontend:', Object.fromEntries(missing))],
        consequence: 'the frontend runs without what they say',
      })
    }
    const own = set.filter((name) => isOf(prefix, name))
    if (own.length === 0) return ok("none of Dynamo's own is set in this shell")
    const unread = findUnread(own, { prefix, release: releaseOf(examination) })
    if (unread.length === 0) {
      return ok(`${formatCounted(own.length, 'variable')} of Dynamo's own, by the names that it reads`)
    }
    const seen = `Dynamo reads no ${unread.map(({ name }) => name).join(', ')}`
    const cures = [setVariables('Before starting the frontend:', renameVariables(unread, environment))]
    if (unread.some(({ near }) => near !== undefined && !environment[near])) {
      return fail(seen, {
        meaning: 'There is a variable with a similar name.',
        cures,
        consequence: 'the frontend runs without what they say',
      })
    }
    return warn(seen, { meaning: 'No release does, or the one that was meant is set as well.', cures })
  },
}

/** Names that no release reads. A release that came later may read more than those that are known. */
function findUnread(own: readonly string[], { prefix, release = '' }: Omit<Frontend, 'environment'>): UnreadName[] {
  const isKnownRelease = /^1\.[2-6](?!\d)/.test(release)
  return own
    .filter((name) => !isTraceVariable(name))
    .map((name) => ({ name, near: findMeant(name, prefix) }))
    .filter(({ near }) => near !== undefined || isKnownRelease)
}

interface StaleNames {
  readonly names: readonly string[]
  /** Whose they are. */
  readonly of: string
  /** What they say, by the names that are read. */
  readonly renamed: Readonly<Record<string, string>>
}

interface Frontend {
  readonly prefix: TracePrefix
  readonly release: string | undefined
  readonly environment: Environment
}

/** The names of another generation. */
function findStaleNames(set: readonly string[], { prefix, release, environment }: Frontend): StaleNames {
  if (prefix === 'DYN_AGENT_TRACE') {
    const names = set.filter((name) => isOf('DYN_REQUEST_TRACE', name))
    return { names, of: '1.3 and later', renamed: toOldNames(names, environment) }
  }
  const oldest = set.filter((name) => isOf('DYN_AGENT_TRACE', name))
  const newest = isFirstOfNewNames(release)
    ? set.filter((name) => traceVariables.some((variable) => variable.name === name && variable.since === '1.4'))
    : []
  if (oldest.length > 0 || newest.length === 0) {
    return { names: oldest, of: '1.2', renamed: toNewNames(oldest, environment) }
  }
  return { names: newest, of: '1.4 and later', renamed: toFirstNames(newest, environment) }
}

function isOf(prefix: TracePrefix, name: string): boolean {
  return name === prefix || name.startsWith(`${prefix}_`)
}

/** From 1.3 on there is a switch besides the sinks, without which nothing is traced. */
function toNewNames(names: readonly string[], environment: Environment): Record<string, string> {
  const renamed = Object.fromEntries(
    names.flatMap((name) => {
      const sameName = name.replace('DYN_AGENT_TRACE', 'DYN_REQUEST_TRACE')
      const newName = isTraceVariable(sameName) ? sameName : findMeant(sameName, 'DYN_REQUEST_TRACE')
      return newName === undefined ? [] : [[newName, environment[name] ?? '']]
    }),
  )
  return names.includes('DYN_AGENT_TRACE_SINKS') && !names.includes('DYN_AGENT_TRACE')
    ? { DYN_REQUEST_TRACE: '1', ...renamed }
    : renamed
}

/** 1.2 has no switch and no default path: naming sinks and a path is how it is switched on. */
function toOldNames(names: readonly string[], environment: Environment): Record<string, string> {
  const renamed: Record<string, string> = {}
  for (const name of names) {
    const oldName = name.replace('DYN_REQUEST_TRACE', 'DYN_AGENT_TRACE')
    if (name !== 'DYN_REQUEST_TRACE' && isTraceVariable(oldName)) renamed[oldName] = environment[name] ?? ''
  }
  const read = (suffix: string) => given(environment, `DYN_REQUEST_TRACE${suffix}`)
  const misnamed = names.find((name) => findMeant(name, 'DYN_REQUEST_TRACE') === 'DYN_REQUEST_TRACE_OUTPUT_PATH')
  const path = read('_FILE_PATH') ?? read('_OUTPUT_PATH') ?? (misnamed && environment[misnamed])
  if (read('') !== undefined || read('_SINKS') !== undefined || path !== undefined) {
    const sinks = read('_SINKS')?.replace(/\bfile\b/, read('_FILE_FORMAT') ?? 'jsonl_gz')
    renamed.DYN_AGENT_TRACE_SINKS = sinks ?? read('_FILE_FORMAT') ?? 'jsonl'
    renamed.DYN_AGENT_TRACE_OUTPUT_PATH = path ?? '/tmp/dynamo-trace.jsonl'
  }
  return renamed
}

/** What 1.3 calls the names that came with 1.4; a list of records is a switch there, which it has not. */
function toFirstNames(names: readonly string[], environment: Environment): Record<string, string> {
  const firstEnds: Readonly<Record<string, string>> = {
    _RECORDS: '',
    _FILE_PATH: '_OUTPUT_PATH',
    _FILE_FORMAT: '_SINKS',
    _FILE_BUFFER_BYTES: '_JSONL_BUFFER_BYTES',
    _FILE_FLUSH_INTERVAL_MS: '_JSONL_FLUSH_INTERVAL_MS',
    _FILE_ROLL_BYTES: '_JSONL_GZ_ROLL_BYTES',
    _FILE_ROLL_LINES: '_JSONL_GZ_ROLL_LINES',
  }
  return Object.fromEntries(
    names.flatMap((name) => {
      const end = firstEnds[name.slice('DYN_REQUEST_TRACE'.length)]
      return end === undefined ? [] : [[`DYN_REQUEST_TRACE${end}`, end === '' ? '1' : (environment[name] ?? '')]]
    }),
  )
}
