// SPDX-License-Identifier: Apache-2.0
import type { AgentContext } from '@dynamo-agent/core'
import type { PiSession } from './pi-session.ts'

/**
 * Which Pi session is which agent, for everybody in this process.
 *
 * Pi makes a module instance for each extension that imports a file, and
 * another one for each `/new` and `/reload`, so what they must share hangs on
 * the global symbol registry. This module imports nothing at run time: another
 * extension that wants to know an identity loads this file and no more.
 */
export interface RegisteredSession {
  readonly piSessionId: string
  readonly context: AgentContext
  /** Where Pi keeps the session; undefined where it keeps none. */
  readonly file?: string | undefined
  /** Of its requests, where they have one. */
  readonly priority?: number | undefined
  /** Who looks after it; absent when it is over, and in what an older version of this package has registered. */
  keeper?: SessionKeeper | undefined
  /** False when it is over; `/resume` and `/reload` bring it back. */
  live: boolean
}

/**
 * What the instance that looks after a session does for others in the process:
 * where Pi has loaded this package twice, the provider that is registered last
 * serves the calls, and its instance need not be the one.
 */
export type SessionKeeper = Pick<
  PiSession,
  'identify' | 'requested' | 'hints' | 'context' | 'contextProblem' | 'toolEvents' | 'harnessLog'
>

interface Registry {
  /** In the order in which they first started. */
  readonly sessions: Map<string, RegisteredSession>
  /** `DYN_AGENT_CALLERS` as this process was given it, before it told of its own sessions there. */
  inheritedCallers?: string | undefined
}

const registryKey = Symbol.for('dynamo-agent.pi-sessions')

function registry(): Registry {
  const holder = globalThis as { [registryKey]?: Registry | undefined }
  return (holder[registryKey] ??= { sessions: new Map() })
}

/**
 * The agent context of a Pi session in this process, for an extension that
 * starts subagents: make a child context of it and hand that over.
 *
 * @param piSessionId What `ctx.sessionManager.getSessionId()` gives.
 * @returns undefined when this package does not run in that session.
 */
export function agentContextOfPiSession(piSessionId: string): AgentContext | undefined {
  const session = registry().sessions.get(piSessionId)
  return session?.live === true ? session.context : undefined
}

/** Who looks after a session that is alive. */
export function keeperOfPiSession(piSessionId: string | undefined): SessionKeeper | undefined {
  return piSessionId === undefined ? undefined : registry().sessions.get(piSessionId)?.keeper
}

/** Every session that this process has had, the first one first. */
export function piSessionsOfProcess(): readonly RegisteredSession[] {
  return [...registry().sessions.values()]
}

/**
 * Makes a session known; one that was known keeps its place, and has what is
 * said of it now.
 *
 * @returns false when it lives already: Pi has loaded this package twice, and
 * the other instance looks after the session.
 */
export function registerPiSession(session: Omit<RegisteredSession, 'live'>): boolean {
  const { sessions } = registry()
  if (sessions.get(session.piSessionId)?.live === true) return false
  sessions.set(session.piSessionId, { ...session, live: true })
  return true
}

/** Sessions that are over and may come back: an application may make one for each of its requests. */
const MAX_ENDED = 1000

/** A session is over. */
export function endPiSession(piSessionId: string): void {
  const { sessions } = registry()
  const session = sessions.get(piSessionId)
  if (session === undefined) return
  session.live = false
  session.keeper = undefined
  const ended = [...sessions.values()].filter(({ live }) => !live)
  for (const { piSessionId: oldest } of ended.slice(0, -MAX_ENDED)) sessions.delete(oldest)
}

/** What the environment said of callers when this process began. */
export function inheritedCallersOfProcess(current: string | undefined): string | undefined {
  const known = registry()
  // The key itself tells that it has been read: unset is an answer too.
  if (!('inheritedCallers' in known)) known.inheritedCallers = current
  return known.inheritedCallers
}
