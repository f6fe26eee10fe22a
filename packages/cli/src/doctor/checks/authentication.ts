// SPDX-License-Identifier: Apache-2.0
import type { Check } from '../examination.ts'
import { fail, ok, type } from '../finding.ts'

/** Whether the frontend takes the token. The token itself is never shown. */
export const authenticationCheck: Check = {
  name: 'authentication',
  needs: ['frontend'],
  run({ facts, environment }) {
    const sent = environment.DYNAMO_API_KEY ? 'DYNAMO_API_KEY' : 'the default token'
    const { status, modelsProblem } = facts
    if (status === 401 || status === 403) {
      const words = /: (.+)$/.exec(modelsProblem?.message ?? '')?.[1]
      return fail(`the frontend answers ${status} to ${sent}${words === undefined ? '' : `: ${words}`}`, {
        meaning: environment.DYNAMO_API_KEY
          ? 'It expects another token.'
          : 'It expects a token of its own; DYNAMO_API_KEY is not set.',
        cures: [type('In the shell of your agent, with the token of your deployment:', 'export DYNAMO_API_KEY=TOKEN')],
        consequence: 'every request is refused',
      })
    }
    return ok(`${sent} is accepted`)
  },
}
