// SPDX-License-Identifier: Apache-2.0
import { environmentVariables, type EnvironmentProblem } from '@dynamo-agent/core'
import { findProxy } from '../environment/proxy.ts'
import { findMisspeltToken, findUnreadNames, renameVariables } from '../environment/unread-names.ts'
import { repair } from '../environment/unusable-values.ts'
import type { Check, Examination } from '../examination.ts'
import { fail, ok, setVariables, type, warn, type Cure, type Observation } from '../finding.ts'

const known: readonly string[] = environmentVariables.flatMap(({ name, aliases }) => [name, ...aliases])
const agentShell = 'In the shell of your agent:'

/** What dynamo-agent reads: values that cannot be used, names that nobody reads, the kill switch, proxies. */
export const environmentCheck: Check = {
  name: 'environment',
  needs: [],
  run(examination) {
    const { settings, environment } = examination
    if (settings.problems.length > 0) return explainProblems(settings.problems)
    if (settings.disabled) {
      return warn('DYN_AGENT_DISABLE is on', {
        meaning: 'Models can be used; no identity, no hints and no tool events are sent.',
        cures: [setVariables(agentShell, { DYN_AGENT_DISABLE: null })],
      })
    }
    const set = known.filter((name) => environment[name])
    const seen = set.length === 1 ? '1 variable' : `${set.length} variables`
    return (
      judgeUnreadNames(examination) ??
      warnOfPartsLeftOut(examination) ??
      warnOfProxy(examination) ??
      ok(set.length === 0 ? 'no variable is set; defaults hold' : `${seen} set, each can be used`)
    )
  },
}

function explainProblems(problems: readonly EnvironmentProblem[]): Observation {
  const repaired = problems.map(({ variable, value }) => [variable, repair(variable, value)] as const)
  const mended = repaired.filter((entry): entry is [string, string | null] => entry[1] !== undefined)
  const unknown = repaired.flatMap(([variable, value]) => (value === undefined ? [variable] : []))
  return fail(problems.map(({ variable, value, problem }) => `${assign(variable, value)} ${problem}`).join('; '), {
    meaning: 'A value that cannot be used counts as unset.',
    cures: [
      ...(mended.length > 0
        ? [setVariables('Set what you meant, or take it away:', Object.fromEntries(mended))]
        : []),
      ...(unknown.length > 0
        ? [type('In the shell of your agent, with your own values:', ...unknown.map(fillIn))]
        : []),
    ],
    consequence: `the ${problems.length === 1 ? 'default holds' : 'defaults hold'} instead`,
  })
}

/** A token has no value here: it is never shown. */
function assign(variable: string, value: string): string {
  return value === '' ? variable : `${variable}=${value}`
}

function fillIn(variable: string): string {
  return `export ${variable}=${variable.endsWith('_BASE_URL') ? 'http://HOST:PORT/v1' : 'TOKEN'}`
}

function judgeUnreadNames({ environment, options }: Examination): Observation | undefined {
  const unread = findUnreadNames(environment)
  if (unread.length === 0) return undefined
  const secret = findMisspeltToken(environment)
  const others = unread.filter(({ name }) => name !== secret)
  const cures: Cure[] = [
    ...(secret === undefined ? [] : [type(agentShell, `export DYNAMO_API_KEY="$${secret}"`, `unset ${secret}`)]),
    ...(others.length > 0 ? [setVariables(agentShell, renameVariables(others, environment))] : []),
  ]
  const seen = `nobody reads ${unread.map(({ name }) => name).join(', ')}`
  // Who has not asked for a trace may well want none of tools.
  const isNeeded = (name: string) =>
    name.startsWith('DYNAMO_') || (name === 'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT' && options.traceFile !== undefined)
  const isLost = unread.some(({ near }) => near !== undefined && isNeeded(near) && !environment[near])
  if (isLost) {
    return fail(seen, { meaning: 'Its name is spelt another way.', cures, consequence: 'the default holds instead' })
  }
  return warn(seen, {
    meaning: unread.some(({ near }) => near !== undefined)
      ? 'There is a variable with a similar name.'
      : 'It is no variable of dynamo-agent, nor of Dynamo.',
    cures,
  })
}

/** Who puts a password or a query there may wonder why the server asks for a token. */
function warnOfPartsLeftOut({ environment, settings }: Examination): Observation | undefined {
  const variable = ['DYNAMO_BASE_URL', 'OPENAI_BASE_URL'].find((name) => environment[name])
  if (variable === undefined || !/\/\/[^/]*@|[?#]/.test(environment[variable] ?? '')) return undefined
  return warn(`of ${variable} only ${settings.baseUrl} is used`, {
    meaning: 'User names, passwords and queries in it are left out; a token goes into DYNAMO_API_KEY.',
    cures: [setVariables(agentShell, { DYNAMO_BASE_URL: settings.baseUrl })],
  })
}

function warnOfProxy({ environment, settings }: Examination): Observation | undefined {
  const proxy = findProxy(environment, settings.baseUrl)
  if (proxy === undefined) return undefined
  return warn(`${proxy.variable} stands between Pi and ${settings.baseUrl}`, {
    meaning: 'Pi asks through that proxy, whose answers may be other ones; what follows was asked without it.',
    cures: [setVariables('If Dynamo is to be asked directly, in the shell of your agent:', proxy.exemption)],
  })
}
