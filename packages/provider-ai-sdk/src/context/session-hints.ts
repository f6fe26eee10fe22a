// SPDX-License-Identifier: Apache-2.0
import { AsyncLocalStorage } from 'node:async_hooks'
import type { DynamoHints } from '../provider/hints.ts'

/** What withAgentSession was given for all calls inside. */
export interface SessionHints {
  /** Whose they are; its subagents have them from above. */
  readonly trajectoryId: string
  readonly hints: DynamoHints
}

/** Two copies of this package in one process must see the same sessions, as they do through core's context. */
const storageKey = Symbol.for('dynamo-agent.session-hints')

function storage(): AsyncLocalStorage<readonly SessionHints[]> {
  const holder = globalThis as { [storageKey]?: AsyncLocalStorage<readonly SessionHints[]> | undefined }
  holder[storageKey] ??= new AsyncLocalStorage<readonly SessionHints[]>()
  return holder[storageKey]
}

/** Runs `fn` with these hints on top of those of the sessions around it. */
export function withSessionHints<Result>(hints: SessionHints, fn: () => Result): Result {
  return storage().run([...sessionHints(), hints], fn)
}

/** The hints of every session around this call, the outermost first. */
export function sessionHints(): readonly SessionHints[] {
  return storage().getStore() ?? []
}
