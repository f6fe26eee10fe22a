// SPDX-License-Identifier: Apache-2.0
import type { DialectSelector, DialectSelectorCounters } from '@dynamo-agent/client/detect'
import {
  createOutputLengthLearner,
  mergeAgentHints,
  type AgentContext,
  type AgentHints,
  type Dialect,
  type Environment,
  type EnvironmentSettings,
  type RequestIdentity,
} from '@dynamo-agent/core'
import { randomUUID } from 'node:crypto'
import type { PiContext, PiSessionShutdown, PiSessionStart, PiToolEnd, PiToolStart } from '../pi/host.ts'
import type { PiCall } from '../provider/stream.ts'
import type { LastAnswer } from '../status/last-answer.ts'
import type { ToolEventsStatus } from '../status/describe-status.ts'
import { flushOnInterrupt } from '../tools/interrupt.ts'
import { openToolEvents, type ToolEvents, type ToolEventsCounters } from '../tools/tool-events.ts'
import { inheritedEnvironment, tellCallers } from './callers.ts'
import { resolveIdentity } from './identity.ts'
import { findRelatives } from './relatives.ts'
import { tellSessionEnd } from './session-end.ts'
import { endPiSession, piSessionsOfProcess, registerPiSession } from './session-registry.ts'

/** What this package knows and does for the Pi session of one extension instance. */
export interface PiSession {
  /** May be called more than once for one session: Pi does. */
  start(pi: PiContext, event: PiSessionStart): void
  toolStarted(event: PiToolStart): void
  toolEnded(event: PiToolEnd, aborted: boolean): void
  /** Identity of an attempt of an LLM call; undefined before the session has started. */
  identify(dialect: Dialect, call: PiCall): RequestIdentity | undefined
  /** Bounded in time; never rejects. */
  end(event: PiSessionShutdown): Promise<void>
  /** Takes the figures of an answer that came to its end. */
  answered(answer: LastAnswer): void
  readonly counters: PiSessionCounters
  /** Of its next turn. */
  readonly hints: AgentHints
  /** Who it is; undefined before it has started. */
  readonly context: AgentContext | undefined
  /** Absent when no endpoint is set. */
  readonly toolEvents: ToolEventsStatus | undefined
}

export interface PiSessionCounters {
  readonly dialect: DialectSelectorCounters
  /** Ids that could not be sent as they were. */
  readonly identityRepairs: number
  /** Notices of ended trajectories that Dynamo took, and that it did not take in time. */
  readonly sessionEnds: { readonly told: number; readonly failed: number }
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
 * How the request ids of calls begin that belong to a trajectory without being
 * a turn of it: compaction and branch summaries. Pi gives them a random
 * session id, or none (0.73). Dynamo has no field for this in every release;
 * the request id it writes in all of them.
 */
const AUXILIARY = 'auxiliary-'

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
  let ownsSession = false
  let model: string | undefined
  const sessionEnds = { told: 0, failed: 0 }
  const outputLength = settings.learnsOutputLength ? createOutputLengthLearner() : undefined
  const hintsOfTurn = () => mergeAgentHints(settings.hints, { outputLength: outputLength?.expected })
  const leave = () => {
    if (ownsSession && piSessionId !== undefined) endPiSession(piSessionId)
    ownsSession = false
  }

  const tellEnd = async (reason: string | undefined) => {
    if (context === undefined || !ownsSession || !isOver(reason)) return
    const told = await tellSessionEnd({ settings, selector, context, model })
    if (told !== undefined) sessionEnds[told ? 'told' : 'failed']++
  }

  const session: PiSession = {
    start(pi, event) {
      const id = pi.sessionManager.getSessionId()
      if (id === piSessionId) return
      const file = pi.sessionManager.getSessionFile?.()
      const resolved = resolveIdentity({
        piSessionId: id,
        environment: inheritedEnvironment(environment),
        dialect: selector.current.name,
        sessionTypeId: settings.sessionTypeId ?? DEFAULT_PI_SESSION_TYPE_ID,
        relatives: findRelatives(
          {
            piSessionId: id,
            file,
            reason: event.reason,
            previousFile: event.previousSessionFile,
            parentPiSessionId: environment.PI_SUBAGENT_PARENT_SESSION,
          },
          piSessionsOfProcess(),
        ),
      })
      leave()
      piSessionId = id
      context = resolved.context
      identityRepairs += resolved.repairs.length
      ownsSession = registerPiSession({ piSessionId: id, context, file })
      if (!ownsSession) return
      tellCallers(environment)

      const { endpoint } = settings.toolEvents
      if (endpoint === undefined || toolEvents !== undefined) return
      const opened = openToolEvents({
        settings: { ...settings.toolEvents, endpoint },
        dialect: () => selector.current,
      })
      toolEvents = opened
      // Pi's own program marks its environment; an application that embeds Pi deals with signals itself.
      if (environment.PI_CODING_AGENT === 'true' && !isTerminal(pi)) stopListening = flushOnInterrupt(() => session.end({ reason: 'quit' }))
    },
    toolStarted(event) {
      if (context !== undefined && ownsSession) toolEvents?.start(context, event)
    },
    toolEnded(event, aborted) {
      if (context !== undefined) toolEvents?.end(context, event, aborted)
    },
    identify(dialect, call) {
      if (context === undefined) return undefined
      if (call.sessionId !== piSessionId) {
        return dialect.identify(context, settings.hints, `${AUXILIARY}${randomUUID()}`)
      }
      model = call.modelId
      return dialect.identify(context, hintsOfTurn(), randomUUID())
    },
    answered({ error, outputTokens }) {
      if (error === undefined) outputLength?.learn(outputTokens)
    },
    async end({ reason }) {
      stopListening?.()
      const telling = tellEnd(reason)
      leave()
      tellCallers(environment)
      await Promise.all([telling, toolEvents?.close()])
    },
    get hints() {
      return hintsOfTurn()
    },
    get context() {
      return context
    },
    get toolEvents() {
      const { endpoint } = settings.toolEvents
      if (toolEvents === undefined || endpoint === undefined) return undefined
      return { endpoint, counters: toolEvents.counters, problem: toolEvents.problem }
    },
    get counters() {
      return {
        dialect: selector.counters,
        identityRepairs,
        sessionEnds,
        ...(toolEvents && { toolEvents: toolEvents.counters }),
      }
    },
  }
  return session
}

/** A session that is reloaded goes on, and one that is resumed or forked away from leaves its conversation to others. */
function isOver(reason: string | undefined): boolean {
  return reason === 'quit' || reason === 'new'
}

/** Whether a person sits before Pi's own screen, which takes Ctrl-C as a key. Pi says so from 0.78 on. */
function isTerminal({ mode, hasUI }: PiContext): boolean {
  return mode === undefined ? hasUI && process.stdin.isTTY : mode === 'tui'
}
