// SPDX-License-Identifier: Apache-2.0
import { processWide, sessionHeadersDialect, type Dialect } from '@dynamo-agent/core'
import type { Detection } from './detection.ts'

/** A request was refused because identity stood in its body: only Dynamo 1.3 and later do that. */
export interface DialectRefused {
  readonly by: 'refusal'
  readonly dialect: 'session-headers'
}

/** What is known of one frontend, by everybody in this process. */
export interface FrontendKnowledge {
  dialect: Dialect
  evidence?: Detection | DialectRefused
  /** Failures that make what is known doubtful; the first doubt is that nothing is known. */
  doubts: number
  /** How many of the doubts the last detection was to settle. */
  askedDoubts: number
  /** How many of them have been settled, by an answer that told something. */
  settledDoubts: number
  /** The detection that is on its way; never rejects. */
  asking?: Promise<void> | undefined
  /** When it began, in milliseconds of the selector's clock. */
  askedMs: number
  /** It has not answered, or not in time: no request waits for it until a failure casts a new doubt. */
  silent: boolean
}

const registryKey = Symbol.for('dynamo-agent.frontends')

/** The one record of the frontend at `baseUrl` in this process: a new session need not ask again. */
export function knowledgeOf(baseUrl: string): FrontendKnowledge {
  const frontends = processWide(registryKey, () => new Map<string, FrontendKnowledge>())
  const known = frontends.get(baseUrl)
  if (known !== undefined) return known
  const unknown: FrontendKnowledge = {
    dialect: sessionHeadersDialect,
    doubts: 1,
    askedDoubts: 0,
    settledDoubts: 0,
    askedMs: -Infinity,
    silent: false,
  }
  frontends.set(baseUrl, unknown)
  return unknown
}
