// SPDX-License-Identifier: Apache-2.0
import { environmentVariables, type Environment } from '@dynamo-agent/core'
import { suggest } from '../../suggest.ts'
import type { Check } from '../examination.ts'
import { fail, ok, setVariables, warn } from '../finding.ts'
import type { ShellVariables } from '../shell.ts'

const known: readonly string[] = environmentVariables.flatMap(({ name, aliases }) => [name, ...aliases])

/** The variables that dynamo-agent reads: values that cannot be used, names that nobody reads, the kill switch. */
export const environmentCheck: Check = {
  name: 'environment',
  needs: [],
  run({ settings, environment }) {
    const { problems, disabled } = settings
    if (problems.length > 0) {
      const wrong = problems.map(({ variable, value, problem }) => `${variable}=${value} ${problem}`)
      return fail(wrong.join('; '), {
        meaning: 'A value that cannot be used counts as unset.',
        cures: [
          setVariables(
            'Set what you meant, or take it away:',
            Object.fromEntries(problems.map(({ variable, value }) => [variable, repair(variable, value)])),
          ),
        ],
        consequence: `the ${problems.length === 1 ? 'default holds' : 'defaults hold'} instead`,
      })
    }
    if (disabled) {
      return warn('DYN_AGENT_DISABLE is on', {
        meaning: 'Models can be used; no identity, no hints and no tool events are sent.',
        cures: [setVariables('In the shell of your agent:', { DYN_AGENT_DISABLE: null })],
      })
    }
    const unread = namesNobodyReads(environment)
    if (unread.length > 0) {
      const nearest = unread.map((name) => ({ name, near: findNear(name) }))
      const variables: ShellVariables = Object.fromEntries(
        nearest.flatMap(({ name, near }) => [
          ...(near === undefined || environment[near] ? [] : [[near, environment[name] ?? null]]),
          [name, null],
        ]) as [string, string | null][],
      )
      return warn(`nobody reads ${unread.join(', ')}`, {
        meaning: nearest.some(({ near }) => near !== undefined)
          ? 'There is a variable with a similar name.'
          : 'It is no variable of dynamo-agent, nor of Dynamo.',
        cures: [setVariables('In the shell of your agent:', variables)],
      })
    }
    const set = known.filter((name) => environment[name])
    return ok(
      set.length === 0
        ? 'no variable is set; defaults hold'
        : `${set.length === 1 ? '1 variable' : `${set.length} variables`} set, each can be used`,
    )
  },
}

function findNear(name: string): string | undefined {
  return suggest(
    name,
    known.map((candidate) => candidate.toLowerCase()),
  )?.toUpperCase()
}

/** What the value most likely meant where only one thing can have been meant; else the variable goes. */
function repair(variable: string, value: string): string | null {
  if (variable === 'DYN_AGENT_DIALECT') return 'auto'
  if (!variable.endsWith('_ENDPOINT')) return null
  const [, host = '127.0.0.1', port] = /^(?:\w+:\/\/)?([^:/\s]+)?:?(\d{1,5})\/?$/.exec(value.trim()) ?? []
  return port === undefined || Number(port) > 65_535 ? null : `tcp://${host}:${port}`
}

/** Dynamo has many names that begin with DYN_; those of agents are all in the table. */
function namesNobodyReads(environment: Environment): string[] {
  return Object.keys(environment).filter(
    (name) =>
      Boolean(environment[name]) &&
      name.startsWith('DYN_AGENT_') &&
      !/^DYN_AGENT_TRACE(_|$)/.test(name) &&
      !known.includes(name),
  )
}
