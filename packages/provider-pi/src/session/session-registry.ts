// SPDX-License-Identifier: Apache-2.0
import type { AgentContext } from '@dynamo-agent/core'

/**
 * Which Pi session is which agent, for everybody in this process.
 *
 * Pi makes a module instance for each extension that imports a file, and
 * another one for each `/new` and `/reload`, so what they must share hangs on
 * the global symbol registry. This module imports nothing at run time: another
 * extension that wants to know an identity loads this file and no more.
 */
interface Registry {
  readonly contexts: Map<string, AgentContext>
  /** The session that took the ids in the environment; later ones of the process are its children. */
  first?: { readonly piSessionId: string; readonly context: AgentContext }
}

const registryKey = Symbol.for('dynamo-agent.pi-sessions')

function registry(): Registry {
  const holder = globalThis as { [registryKey]?: Registry | undefined }
  return (holder[registryKey] ??= { contexts: new Map() })
}

/**
 * The agent context of a Pi session in this process, for an extension that
 * starts subagents: make a child context of it and hand that over.
 *
 * @param piSessionId What `ctx.sessionManager.getSessionId()` gives.
 * @returns undefined when this package does not run in that session.
 */
export function agentContextOfPiSession(piSessionId: string): AgentContext | undefined {
  return registry().contexts.get(piSessionId)
}

/** Makes a session known. */
export function registerPiSession(piSessionId: string, context: AgentContext): void {
  const { contexts, first } = registry()
  contexts.set(piSessionId, context)
  if (first === undefined) registry().first = { piSessionId, context }
}

/** Forgets a session that is over; its later siblings stay children of the first. */
export function forgetPiSession(piSessionId: string): void {
  registry().contexts.delete(piSessionId)
}

/** The context of the process's first session, unless that is the given one. */
export function predecessorOfPiSession(piSessionId: string): AgentContext | undefined {
  const { first } = registry()
  return first?.piSessionId === piSessionId ? undefined : first?.context
}
