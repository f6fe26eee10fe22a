// SPDX-License-Identifier: Apache-2.0
import { createDialectSelector } from '@dynamo-agent/client/detect'
import type { Environment, EnvironmentSettings } from '@dynamo-agent/core'
import type { PiHost } from '../pi/host.ts'
import type { CallIdentity } from '../provider/stream.ts'
import type { Discovery } from '../provider/discovery.ts'
import { showStatus } from '../status/show-status.ts'
import { createPiSession } from './pi-session.ts'

export interface ObserveSessionOptions {
  readonly settings: EnvironmentSettings
  readonly environment: Environment
  /** On its way while the session starts. */
  readonly discovery: Promise<Discovery>
}

/**
 * Follows the session of one extension instance through Pi's events.
 *
 * @returns What identifies its LLM calls, once the dialect of Dynamo is known
 * or has been waited for: the ids of a session depend on it.
 */
export async function observeSession(pi: PiHost, options: ObserveSessionOptions): Promise<CallIdentity> {
  const { baseUrl, apiKey, dialect } = options.settings
  const selector = createDialectSelector({ baseUrl, apiKey, dialect })
  const session = createPiSession({ ...options, selector })
  showStatus(pi, { ...options, selector, session })
  pi.on('session_start', (event, context) => {
    session.start(context, event)
  })
  pi.on('tool_execution_start', (event) => {
    session.toolStarted(event)
  })
  pi.on('tool_execution_end', (event, context) => {
    session.toolEnded(event, context.signal?.aborted ?? false)
  })
  pi.on('session_shutdown', (event) => session.end(event))
  await selector.select()
  return { selector, identify: (spoken, call) => session.identify(spoken, call) }
}
