// SPDX-License-Identifier: Apache-2.0
import type { Check, Examination } from '../examination.ts'
import { findMisspeltToken } from '../environment/unread-names.ts'
import { fail, ok, type, type Observation } from '../finding.ts'

/** Whether the frontend takes the token. The token itself is never shown. */
export const authenticationCheck: Check = {
  name: 'authentication',
  needs: ['frontend'],
  run(examination) {
    const { status = 0, modelsProblem, detection } = examination.facts
    if (isRefusal(status)) {
      const words = /: (.+)$/.exec(modelsProblem?.message ?? '')?.[1]
      return refused(`the frontend answers ${status} to ${tokenOf(examination)}`, { words, examination })
    }
    // Some gateways show the list of models to everybody.
    const asked = detection?.steps.find((step) => isRefusal(step.status ?? 0) && step.request.startsWith('POST'))
    if (asked !== undefined) {
      const seen = `the frontend lists models, and answers ${asked.status} to a request with ${tokenOf(examination)}`
      return refused(seen, { examination })
    }
    return ok(`${tokenOf(examination)} is accepted`)
  },
}

/** Whether a status is about who asks. */
export function isRefusal(status: number): boolean {
  return status === 401 || status === 403
}

/** Which token goes along. */
export function tokenOf({ environment }: Examination): string {
  return environment.DYNAMO_API_KEY ? 'DYNAMO_API_KEY' : 'the default token'
}

/** @param detail.words What the frontend says of it, if anything. */
export function refused(
  seen: string,
  { words = '', examination }: { readonly words?: string | undefined; readonly examination: Examination },
): Observation {
  const { DYNAMO_API_KEY: own, OPENAI_API_KEY: other } = examination.environment
  const misspelt = own ? undefined : findMisspeltToken(examination.environment)
  if (misspelt !== undefined) {
    // What to type was said where the name was; another token would undo it.
    return fail(words === '' ? seen : `${seen}: ${words}`, {
      meaning: `It expects a token of its own; that of ${misspelt} is not sent under this name.`,
      consequence: 'every request is refused',
    })
  }
  return fail(words === '' ? seen : `${seen}: ${words}`, {
    meaning: own ? 'It expects another token.' : 'It expects a token of its own; DYNAMO_API_KEY is not set.',
    cures: [
      ...(!own && other
        ? [type('If it takes that of OpenAI, in the shell of your agent:', 'export DYNAMO_API_KEY="$OPENAI_API_KEY"')]
        : []),
      type('In the shell of your agent, with the token of your deployment:', 'export DYNAMO_API_KEY=TOKEN'),
    ],
    consequence: 'every request is refused',
  })
}
