// SPDX-License-Identifier: Apache-2.0
import type { DialectName } from '@dynamo-agent/core'
import type { Check } from '../examination.ts'
import { fail, ok, setVariables, skip, type, warn } from '../finding.ts'

const spoken: Readonly<Record<DialectName, string>> = {
  'session-headers': 'session headers (1.3 and later)',
  'agent-context-body': 'agent context in the body (1.2)',
}

/** What follows from the setting, where the frontend speaks the other one (measured on 1.2.1 to 1.6.1). */
const harm: Readonly<Record<DialectName, string>> = {
  'session-headers': 'Dynamo 1.2 ignores session headers: requests are served, and leave no row in the trace.',
  'agent-context-body': 'Dynamo 1.3 and later answer 400 to an agent context in the body.',
}

/** Whether identity travels in the way that the frontend reads. */
export const dialectCheck: Check = {
  name: 'dialect',
  needs: ['frontend', 'authentication'],
  run({ facts, settings }) {
    const { detection } = facts
    if (detection === undefined) return skip('nothing was asked of the frontend')
    if (detection.by === 'unknown') {
      return warn('not known: nothing shows that the frontend is a Dynamo', {
        meaning: detection.transient
          ? 'It did not answer every question. Identity goes in session headers, which harm nobody.'
          : 'A server of another make takes no notice of identity and hints, and writes no trace.',
        cures: [
          type(
            'For a trace of what it answers, run your agent through a frontend that records:',
            `dynamo-agent record --upstream ${settings.baseUrl} -- COMMAND`,
          ),
        ],
      })
    }
    const { dialect } = detection
    if (settings.dialect !== 'auto' && settings.dialect !== dialect) {
      return fail(`DYN_AGENT_DIALECT is ${settings.dialect}, the frontend speaks ${spoken[dialect]}`, {
        meaning: harm[settings.dialect],
        cures: [setVariables('In the shell of your agent:', { DYN_AGENT_DIALECT: 'auto' })],
        consequence: 'requests are not attributed to their agent',
      })
    }
    return ok(spoken[dialect])
  },
}
