// SPDX-License-Identifier: Apache-2.0
import { processWide } from '@dynamo-agent/core'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { DynamoHints } from '../provider/hints.ts'

/** What withAgentSession was given for all calls inside. */
export interface SessionHints {
  /** Whose they are; its subagents have them from above. */
  readonly trajectoryId: string
  readonly hints: DynamoHints
}

const storageKey = Symbol.for('dynamo-agent.session-hints')

function storage(): AsyncLocalStorage<readonly SessionHints[]> {
  return processWide(storageKey, () => new AsyncLocalStorage<readonly SessionHints[]>())
}

/** Runs `fn` with these hints on top of those of the sessions around it. */
export function withSessionHints<Result>(hints: SessionHints, fn: () => Result): Result {
  return storage().run([...sessionHints(), hints], fn)
}

/** The hints of every session around this call, the outermost first. */
export function sessionHints(): readonly SessionHints[] {
  return storage().getStore() ?? []
}
