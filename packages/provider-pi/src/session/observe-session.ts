// SPDX-License-Identifier: Apache-2.0
import type { QuestionFetch } from '@dynamo-agent/client'
import { createDialectSelector } from '@dynamo-agent/client/detect'
import type { AgentContext, Environment, EnvironmentSettings } from '@dynamo-agent/core'
import type { PiHarness } from '../harness/pi-harness.ts'
import type { PiHost } from '../pi/host.ts'
import type { CallIdentity, PiCall } from '../provider/stream.ts'
import { keepModelsFresh } from '../provider/keep-models-fresh.ts'
import type { ModelList } from '../provider/model-list.ts'
import type { SettingProblem } from '../settings/dynamo-settings.ts'
import { showStatus } from '../status/show-status.ts'
import { createPiSession } from './pi-session.ts'
import { keeperOfPiSession } from './session-registry.ts'

export interface ObserveSessionOptions {
  readonly settings: EnvironmentSettings
  readonly environment: Environment
  readonly contextOf?: ((piSessionId: string) => AgentContext | undefined) | undefined
  readonly settingProblems: readonly SettingProblem[]
  readonly models: ModelList
  /** For questions to the frontend. */
  readonly fetch: QuestionFetch
}

/**
 * Follows the session of one extension instance through Pi's events.
 *
 * @returns What identifies its LLM calls, once the dialect of Dynamo is known
 * or has been waited for: the ids of a session depend on it.
 */
export async function observeSession(pi: PiHost, options: ObserveSessionOptions): Promise<CallIdentity> {
  const { settings, models, fetch } = options
  const { baseUrl, apiKey, dialect } = settings
  const selector = createDialectSelector({ baseUrl, apiKey, dialect, fetch })
  const selecting = selector.select()
  const harness = settings.harnessLog === undefined ? undefined : await recordHarness(pi, settings.harnessLog)
  const session = createPiSession({ ...options, selector, harness })
  const observe = showStatus(pi, { ...options, selector, session })
  keepModelsFresh(pi, models)
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
  const keeperOf = ({ sessionId }: PiCall) => keeperOfPiSession(sessionId) ?? session
  await selecting
  return {
    selector,
    identify: (spoken, call) => keeperOf(call).identify(spoken, call),
    observe,
    onRequestId(call, requestId) {
      keeperOf(call).requested(call, requestId)
    },
  }
}

async function recordHarness(pi: PiHost, path: string): Promise<PiHarness> {
  const { recordPi } = await import('../harness/record-pi.ts')
  return recordPi(pi, path)
}
