// SPDX-License-Identifier: Apache-2.0
import type { QuestionFetch } from '@dynamo-agent/client'
import type { DialectSelector } from '@dynamo-agent/client/detect'
import type { AgentContext, EnvironmentSettings } from '@dynamo-agent/core'
import { randomUUID } from 'node:crypto'
import type { PiContext } from '../pi/host.ts'

export interface SessionEndOptions {
  readonly settings: EnvironmentSettings
  readonly selector: DialectSelector
  readonly context: AgentContext
  /** Of the last turn; undefined when there was none, and so nothing to let go. */
  readonly model: string | undefined
  /** @defaultValue the global fetch */
  readonly fetch?: QuestionFetch | undefined
}

/** How long the end of a session waits for an absent Dynamo, in milliseconds; together with its tool events, not after them. */
export const TIMEOUT_MS = 400

/**
 * Tells Dynamo that a trajectory is over.
 *
 * @returns Whether Dynamo took the news; undefined when it was not to be told. Never rejects.
 */
export async function tellSessionEnd(options: SessionEndOptions): Promise<boolean | undefined> {
  const { settings, selector, context, model, fetch } = options
  const wanted = settings.sessionFinal ?? isKnownDynamo(selector)
  const identity = wanted ? selector.current.identifyEnd(context, randomUUID()) : undefined
  if (identity === undefined || model === undefined) return undefined
  const { baseUrl, apiKey } = settings
  try {
    const { announceSessionEnd } = await import('@dynamo-agent/client/session-end')
    await announceSessionEnd({ baseUrl, apiKey, model, headers: identity.headers, timeoutMs: TIMEOUT_MS, fetch })
    return true
  } catch {
    return false
  }
}

/**
 * Whether the agent goes on: Pi 0.73 and 0.87 end a session on a signal while
 * it is at work, and then still ask the model about the tools that the signal
 * has ended. A notice must not come before that, and after it there is no time.
 */
export function isAtWork(host: Partial<Pick<PiContext, 'signal'>> | undefined): boolean {
  try {
    return host?.signal?.aborted === false
  } catch {
    // Pi has let go of the session.
    return false
  }
}

/** A server of another make would only be paid for an answer to a full stop. */
function isKnownDynamo({ evidence }: DialectSelector): boolean {
  return evidence?.by === 'openapi' || evidence?.by === 'probe' || evidence?.by === 'refusal'
}
