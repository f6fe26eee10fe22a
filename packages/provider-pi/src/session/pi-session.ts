// SPDX-License-Identifier: Apache-2.0
import type { DialectSelector, DialectSelectorCounters } from '@dynamo-agent/client'
import type { AgentContext, Dialect, Environment, EnvironmentSettings, RequestIdentity } from '@dynamo-agent/core'
import { randomUUID } from 'node:crypto'
import type { PiContext, PiToolEnd, PiToolStart } from '../pi/host.ts'
import { flushOnInterrupt } from '../tools/interrupt.ts'
import { openToolEvents, type ToolEvents, type ToolEventsCounters } from '../tools/tool-events.ts'
import { resolveIdentity } from './identity.ts'
import { forgetPiSession, predecessorOfPiSession, registerPiSession } from './session-registry.ts'

/** What this package knows and does for the Pi session of one extension instance. */
export interface PiSession {
  /** May be called more than once for one session: Pi does. */
  start(pi: PiContext): void
  toolStarted(event: PiToolStart): void
  toolEnded(event: PiToolEnd, aborted: boolean): void
  /** Identity of an attempt of an LLM call; undefined before the session has started. */
  identify(dialect: Dialect): RequestIdentity | undefined
  end(): Promise<void>
  readonly counters: PiSessionCounters
}

export interface PiSessionCounters {
  readonly dialect: DialectSelectorCounters
  /** Ids that could not be sent as they were. */
  readonly identityRepairs: number
  /** Absent when no endpoint is set. */
  readonly toolEvents?: ToolEventsCounters
}

export interface PiSessionOptions {
  readonly settings: EnvironmentSettings
  readonly environment: Environment
  /** Of the frontend that requests and tool events go to. */
  readonly selector: DialectSelector
}

const DEFAULT_PI_SESSION_TYPE_ID = 'pi_coding_agent'

/**
 * Identity is captured when the session starts and kept here. Neither the
 * process environment nor the options of a call can serve: one process can
 * hold several sessions, and Pi gives the calls that compact a conversation a
 * random session id or none.
 */
export function createPiSession({ settings, environment, selector }: PiSessionOptions): PiSession {
  let piSessionId: string | undefined
  let context: AgentContext | undefined
  let toolEvents: ToolEvents | undefined
  let stopListening: (() => void) | undefined
  let identityRepairs = 0

  return {
    start(pi) {
      const id = pi.sessionManager.getSessionId()
      if (id === piSessionId) return
      const resolved = resolveIdentity({
        piSessionId: id,
        environment,
        dialect: selector.current.name,
        sessionTypeId: settings.sessionTypeId ?? DEFAULT_PI_SESSION_TYPE_ID,
        predecessor: predecessorOfPiSession(id),
      })
      piSessionId = id
      context = resolved.context
      identityRepairs += resolved.repairs.length
      registerPiSession(id, context)

      const { endpoint } = settings.toolEvents
      if (endpoint === undefined || toolEvents !== undefined) return
      const opened = openToolEvents({
        settings: { ...settings.toolEvents, endpoint },
        dialect: () => selector.current,
      })
      toolEvents = opened
      // Pi's own program marks its environment; an application that embeds Pi deals with signals itself.
      const isPiPrinting = !pi.hasUI && environment.PI_CODING_AGENT === 'true'
      if (isPiPrinting) stopListening = flushOnInterrupt(() => opened.close())
    },
    toolStarted(event) {
      if (context !== undefined) toolEvents?.start(context, event)
    },
    toolEnded(event, aborted) {
      if (context !== undefined) toolEvents?.end(context, event, aborted)
    },
    identify: (dialect) => context && dialect.identify(context, settings.hints, randomUUID()),
    async end() {
      stopListening?.()
      if (piSessionId !== undefined) forgetPiSession(piSessionId)
      await toolEvents?.close()
    },
    get counters() {
      return {
        dialect: selector.counters,
        identityRepairs,
        ...(toolEvents && { toolEvents: toolEvents.counters }),
      }
    },
  }
}
