// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from '../request/json-body.ts'
import type { Finish } from '../trace/request-row.ts'

/** What a passing answer says about itself. What it does not say stays absent. */
export interface Observation {
  readonly model?: string
  /** Epoch milliseconds, fractional, when the first piece of content passed; streams only. */
  readonly firstContentMs?: number
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly cachedTokens?: number
  readonly finish?: Finish
}

/** Takes down what an answer says, whole or event by event. */
export interface AnswerNotes {
  readonly addDocument: (body: JsonBody) => void
  /** The data of one event. */
  readonly addEvent: (data: JsonBody) => void
  readonly observation: () => Observation
}

/** A number of tokens or the like, or undefined for anything else. */
export function asCount(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}
