// SPDX-License-Identifier: Apache-2.0
import { environmentVariables, normalizeBaseUrl, type Environment } from '@dynamo-agent/core'
import { suggest } from '../../suggest.ts'
import { isTraceVariable, traceVariables, type TracePrefix } from '../dynamo-variables.ts'
import type { ShellVariables } from '../shell.ts'

/** A variable that is set and that nobody reads. */
export interface UnreadName {
  readonly name: string
  /** The one that was meant, as far as that can be told. */
  readonly near?: string | undefined
}

const own: readonly string[] = environmentVariables.flatMap(({ name, aliases }) => [name, ...aliases])
const known: readonly string[] = [...own, ...traceVariables.map(({ name }) => name)]

/**
 * Names that begin as an agent's and are none, and those that differ from a
 * known one by nothing but their underscores or by DYNAMO_ for DYN_. Dynamo
 * has many more names of its own, so nothing is said of others.
 */
export function findUnreadNames(environment: Environment): UnreadName[] {
  return Object.keys(environment).flatMap((name) => {
    if (!environment[name] || known.includes(name) || !/^DYN(AMO)?_/.test(name)) return []
    const twin = known.find((candidate) => lettersOf(candidate) === lettersOf(name))
    if (twin !== undefined) return [{ name, near: twin }]
    return /^DYN_AGENT_(?!TRACE_)/.test(name) ? [{ name, near: findNear(name, 'DYN_AGENT_', own) }] : []
  })
}

/** The name under which a token is set that nobody reads. */
export function findMisspeltToken(environment: Environment): string | undefined {
  return findUnreadNames(environment).find(({ near }) => near === 'DYNAMO_API_KEY')?.name
}

/** The name that is a slip of the keyboard away. What all of them begin with counts for nothing. */
export function findNear(name: string, prefix: string, names: readonly string[]): string | undefined {
  const ends = names.flatMap((candidate) => (candidate.startsWith(prefix) ? [candidate.slice(prefix.length)] : []))
  const near = suggest(
    name.slice(prefix.length),
    ends.map((end) => end.toLowerCase()),
  )
  return near === undefined ? undefined : prefix + near.toUpperCase()
}

/** What others call the path of a trace; no release does. */
const pathEnds = /^(_JSONL(_GZ)?|_OUTPUT|_FILE)?_(OUTPUT|PATH|FILE)$/

/** The trace variable that was meant by a name which no release reads. */
export function findMeant(name: string, prefix: TracePrefix): string | undefined {
  if (isTraceVariable(name)) return undefined
  if (pathEnds.test(name.slice(prefix.length))) return `${prefix}_OUTPUT_PATH`
  return findNear(name, prefix, traceVariables.map((variable) => variable.name))
}

/** What gives the value of each misspelt name to the one that was meant, unless that has one. */
export function renameVariables(unread: readonly UnreadName[], environment: Environment): ShellVariables {
  const renamed: Record<string, string | null> = {}
  for (const { name, near } of unread) {
    const value = environment[name] ?? ''
    // Of an address, what may be shown: nothing else of it is used.
    if (near !== undefined && !environment[near]) {
      renamed[near] = near.endsWith('_BASE_URL') ? (normalizeBaseUrl(value) ?? null) : value
    }
    renamed[name] = null
  }
  return renamed
}

function lettersOf(name: string): string {
  return name.replace(/^DYN(AMO)?_/, '').replaceAll('_', '')
}
