// SPDX-License-Identifier: Apache-2.0
import type { QuestionFetch } from '@dynamo-agent/client'
import type { DialectSelector, DialectSelectorCounters } from '@dynamo-agent/client/detect'
import {
  type AgentContext,
  type Dialect,
  type DynamoAgentError,
  type Environment,
  type EnvironmentSettings,
  type HarnessLogStatus,
  type RequestIdentity,
} from '@dynamo-agent/core'
import { randomUUID } from 'node:crypto'
import type { PiContext, PiSessionShutdown, PiSessionStart, PiToolEnd, PiToolStart } from '../pi/host.ts'
import type { PiHarness } from '../harness/pi-harness.ts'
import type { PiCall } from '../provider/stream.ts'
import type { LastAnswer } from '../status/last-answer.ts'
import type { ToolEventsStatus } from '../status/describe-status.ts'
import { flushOnSignal } from '../tools/interrupt.ts'
import { openPiToolEvents, type PiToolEvents, type PiToolEventsCounters } from '../tools/tool-events.ts'
import { askApplication } from './application.ts'
import { inheritedEnvironment, tellCallers } from './callers.ts'
import { resolveIdentity } from './identity.ts'
import { findRelatives } from './relatives.ts'
import { isAtWork, tellSessionEnd } from './session-end.ts'
import { createSessionHints, findParent, type HintStatus, type SessionHints } from './session-hints.ts'
import { endPiSession, piSessionsOfProcess, registerPiSession } from './session-registry.ts'

/** What this package knows and does for the Pi session of one extension instance. */
export interface PiSession {
  /** May be called more than once for one session: Pi does. */
  start(pi: PiSessionHost, event: PiSessionStart): AgentContext
  toolStarted(event: PiToolStart): void
  toolEnded(event: PiToolEnd, aborted: boolean): void
  /** Identity of an attempt of an LLM call; undefined before the session has started. */
  identify(dialect: Dialect, call: PiCall): RequestIdentity | undefined
  /** Told the request id that an LLM call goes with. */
  requested(call: PiCall, requestId: string): void
  /** Bounded in time; never rejects. Whoever comes later waits for the same end. */
  end(event: PiSessionShutdown): Promise<void>
  /** Takes the figures of an answer that came to its end. */
  answered(answer: LastAnswer): void
  readonly counters: PiSessionCounters
  /** Absent before it has started. */
  readonly hints: HintStatus | undefined
  /** Who it is; undefined before it has started. */
  readonly context: AgentContext | undefined
  /** Why what the application says of it does not count. */
  readonly contextProblem: DynamoAgentError | undefined
  /** Absent when no endpoint is set. */
  readonly toolEvents: ToolEventsStatus | undefined
  /** Absent when no file is set. */
  readonly harnessLog: HarnessLogStatus | undefined
}

/** What a session needs to know of where it runs. */
export type PiSessionHost = Pick<PiContext, 'hasUI' | 'mode' | 'sessionManager'> & Partial<Pick<PiContext, 'signal'>>

export interface PiSessionCounters {
  readonly dialect: DialectSelectorCounters
  /** Ids that could not be sent as they were. */
  readonly identityRepairs: number
  /** Notices of ended trajectories that Dynamo took, and that it did not take in time. */
  readonly sessionEnds: { readonly told: number; readonly failed: number }
  /** Absent before the relay is needed. */
  readonly toolEvents?: PiToolEventsCounters
}

export interface PiSessionOptions {
  readonly settings: EnvironmentSettings
  readonly environment: Environment
  /** Of the frontend that requests and tool events go to. */
  readonly selector: DialectSelector
  /** Who a session is, where the application knows. @defaultValue what Pi and the environment say */
  readonly contextOf?: ((piSessionId: string) => AgentContext | undefined) | undefined
  /** Where what only Pi knows is recorded. @defaultValue nowhere */
  readonly harness?: PiHarness | undefined
  /** For the notice that it is over. @defaultValue the global fetch */
  readonly fetch?: QuestionFetch | undefined
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
export function createPiSession({ settings, environment, selector, contextOf, harness, fetch }: PiSessionOptions): PiSession {
  let piSessionId: string | undefined
  let context: AgentContext | undefined
  let contextProblem: DynamoAgentError | undefined
  let hints: SessionHints | undefined
  let toolEvents: PiToolEvents | undefined
  let host: PiSessionHost | undefined
  let ending: Promise<void> | undefined
  let stopListening: (() => void) | undefined
  let identityRepairs = 0
  let ownsSession = false
  let model: string | undefined
  const sessionEnds = { told: 0, failed: 0 }
  const leave = () => {
    if (ownsSession && piSessionId !== undefined) endPiSession(piSessionId)
    ownsSession = false
  }

  const tellEnd = async (reason: string | undefined) => {
    if (context === undefined || !ownsSession || !isOver(reason) || isAtWork(host)) return
    const told = await tellSessionEnd({ settings, selector, context, model, fetch })
    if (told !== undefined) sessionEnds[told ? 'told' : 'failed']++
  }

  const openToolEvents = () => {
    const { endpoint } = settings.toolEvents
    if (endpoint === undefined) return
    toolEvents ??= openPiToolEvents({ settings: { ...settings.toolEvents, endpoint }, dialect: () => selector.current })
  }

  const endOnce = async (reason: string | undefined) => {
    const telling = tellEnd(reason)
    leave()
    tellCallers(environment)
    await Promise.all([telling, toolEvents?.close(), harness?.end(reason)])
    // Until then an interrupted process waits for this session.
    stopListening?.()
    stopListening = undefined
  }

  const session: PiSession = {
    start(pi, event) {
      const id = pi.sessionManager.getSessionId()
      if (id === piSessionId && context !== undefined) return context
      const file = pi.sessionManager.getSessionFile?.()
      const { context: given, problem } = askApplication(contextOf, id)
      const inherited = inheritedEnvironment(environment)
      const relatives = findRelatives(
        {
          piSessionId: id,
          file,
          reason: event.reason,
          previousFile: event.previousSessionFile,
          originFile: pi.sessionManager.getHeader?.()?.parentSession,
          parentPiSessionId: environment.PI_SUBAGENT_PARENT_SESSION,
        },
        piSessionsOfProcess(),
      )
      const resolved = resolveIdentity({
        piSessionId: id,
        given,
        environment: inherited,
        dialect: selector.current.name,
        sessionTypeId: settings.sessionTypeId ?? DEFAULT_PI_SESSION_TYPE_ID,
        relatives,
      })
      leave()
      piSessionId = id
      host = pi
      ending = undefined
      const { context: own } = resolved
      context = own
      contextProblem = problem
      identityRepairs += resolved.repairs.length
      const parent = findParent({ context: own, isGiven: given !== undefined, relatives, environment: inherited })
      hints = createSessionHints({ ...settings, situation: { parent, isInteractive: pi.hasUI } })
      const { priority } = hints.auxiliary
      ownsSession = registerPiSession({ piSessionId: id, context: own, file, priority, keeper: session })
      if (!ownsSession) return own
      tellCallers(environment)
      const { hasUI: hasUser, sessionManager } = pi
      const readMessages = () => sessionManager.buildSessionContext?.().messages
      harness?.begin(own, { piSessionId: id, reason: event.reason, file, hasUser, readMessages })
      // Its code loads while somebody reads; where nobody does, a run without tools does without it.
      if (hasUser) openToolEvents()
      if (settings.toolEvents.endpoint === undefined && harness === undefined) return own
      // Pi's own program marks its environment; an application that embeds Pi deals with signals itself.
      if (environment.PI_CODING_AGENT === 'true') {
        stopListening ??= flushOnSignal(pi, () => session.end({ reason: 'quit' }))
      }
      return own
    },
    toolStarted(event) {
      hints?.toolStarted(event)
      if (context === undefined || !ownsSession) return
      openToolEvents()
      toolEvents?.start(context, event)
    },
    toolEnded(event, aborted) {
      hints?.toolEnded(event, aborted)
      if (context !== undefined) toolEvents?.end(context, event, aborted)
    },
    identify(dialect, call) {
      if (context === undefined || hints === undefined) return undefined
      if (call.sessionId !== piSessionId) {
        return dialect.identify(context, hints.auxiliary, `${AUXILIARY}${randomUUID()}`)
      }
      model = call.modelId
      return dialect.identify(context, hints.forTurn(), randomUUID())
    },
    requested(call, requestId) {
      harness?.requested(call, requestId)
    },
    answered({ error, isAborted, outputTokens }) {
      if (error === undefined && !isAborted) hints?.answered(outputTokens)
    },
    end({ reason }) {
      return (ending ??= endOnce(reason))
    },
    get hints() {
      return hints?.status
    },
    get context() {
      return context
    },
    get contextProblem() {
      return contextProblem
    },
    get toolEvents() {
      const { endpoint } = settings.toolEvents
      if (endpoint === undefined) return undefined
      const { counters, waitingMs = 0, problem } = toolEvents ?? {}
      return { endpoint, counters, waitingMs, problem }
    },
    get harnessLog() {
      return harness?.status
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
