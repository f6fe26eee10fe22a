// SPDX-License-Identifier: Apache-2.0
import {
  connectableEndpoint,
  normalizeBaseUrl,
  type Environment,
  type EnvironmentProblem,
  type EnvironmentSettings,
} from '@dynamo-agent/core'
import { USUAL_PORT } from '../endpoints.ts'
import type { ShellVariables } from '../shell.ts'

const TOKEN = 'DYNAMO_API_KEY'

/** Everything that cannot be used: what the table refuses, and what passes there and cannot work. */
export function findUnusableValues(environment: Environment, settings: EnvironmentSettings): EnvironmentProblem[] {
  const baseUrl = ['DYNAMO_BASE_URL', 'OPENAI_BASE_URL'].find((name) => environment[name])
  const address = baseUrl === undefined ? '' : (environment[baseUrl] ?? '')
  const problems = settings.problems.map((problem) => ({ ...problem, value: withoutPassword(problem.value) }))
  return [
    ...problems,
    ...(baseUrl !== undefined && looksMangled(address) && !problems.some(({ variable }) => variable === baseUrl)
      ? [{ variable: baseUrl, value: withoutPassword(address), problem: 'is not an http address' }]
      : []),
    ...(cannotTravel(environment[TOKEN] ?? '')
      ? [{ variable: TOKEN, value: '', problem: 'holds a character that cannot travel in a header' }]
      : []),
  ]
}

/**
 * @returns What to set instead where only one thing can have been meant, null
 * where there is a default to fall back on, undefined where only the reader knows.
 */
export function repair(variable: string, value: string): ShellVariables[string] | undefined {
  if (variable === TOKEN) return undefined
  if (variable === 'DYN_AGENT_DIALECT') return 'auto'
  if (variable.endsWith('_BASE_URL')) return repairBaseUrl(value)
  return variable.endsWith('_ENDPOINT') ? (repairEndpoint(value) ?? null) : null
}

/** Quotes, which files for `--env-file` keep, or a slash too few: what is left parses as the name of some host. */
function looksMangled(address: string): boolean {
  return /["'`]/.test(address) || /^\s*https?:\/?[^/]/i.test(address)
}

/** Header values are ISO 8859-1 without control characters; fetch itself takes blanks off the end. */
function cannotTravel(token: string): boolean {
  return !/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(token.trimEnd())
}

function repairBaseUrl(value: string): string | undefined {
  const [, scheme = 'http', rest = ''] = /^(?:(https?|tcp):\/+)?(\S+)$/i.exec(tidy(value)) ?? []
  if (/^([a-z]+:\/|https?:)/i.test(rest)) return undefined
  // An IPv6 address with a port needs brackets.
  const host = rest.replace(/^([0-9a-f]*(?::[0-9a-f]*){2,}):(\d{2,5})(?=\/|$)/i, '[$1]:$2')
  return normalizeBaseUrl(`${scheme.toLowerCase().replace('tcp', 'http')}://${host}`)
}

function repairEndpoint(value: string): string | undefined {
  const [, scheme, address = ''] = /^(?:(\w+):\/+)?(\S+)$/.exec(tidy(value).replace(/^:?(?=\d+$)/, 'tcp://:')) ?? []
  const [, host, port] = /^(\[[^\]]+\]|[^:/]*)(?::(\d+))?\/?$/.exec(address) ?? []
  if (host === undefined || (port === undefined && scheme !== 'tcp')) return undefined
  return connectableEndpoint(`tcp://${host || '127.0.0.1'}:${port ?? USUAL_PORT}`)
}

/** Without the quotes that a file for `--env-file` keeps, and the blanks that a paste brings along. */
function tidy(value: string): string {
  return value.replace(/["'`]|\s+(?=[:/])/g, '').trim()
}

function withoutPassword(value: string): string {
  return value.replace(/\/\/[^/@]*@/, '//…@')
}
