// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import type { PiHost } from '../../src/pi/host.ts'
import { agentContextOfPiSession } from '../../src/session/session-registry.ts'

/** Another extension in the same Pi: writes down what it learns about the session. */
// eslint-disable-next-line no-restricted-syntax -- Pi loads an extension by its default export.
export default function probeIdentity(pi: PiHost): void {
  pi.on('tool_execution_start', (_event, context) => {
    const file = process.env.IDENTITY_PROBE_FILE ?? ''
    writeFileSync(file, JSON.stringify(agentContextOfPiSession(context.sessionManager.getSessionId()) ?? null))
  })
}
