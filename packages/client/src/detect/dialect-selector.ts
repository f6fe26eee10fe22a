// SPDX-License-Identifier: Apache-2.0
import { dialects, sessionHeadersDialect, type Dialect, type DialectName } from '@dynamo-agent/core'
import { requireBaseUrl, type FrontendOptions } from '../get-text.ts'
import { refusesAgentContext } from './agent-context-answers.ts'
import { detectGeneration } from './detect-generation.ts'
import type { Detection } from './detection.ts'
import { knowledgeOf, type DialectRefused } from './frontend-knowledge.ts'

/** `timeoutMs` holds for each question of a detection, which goes on when a request waits for it no longer. */
export interface DialectSelectorOptions extends Omit<FrontendOptions, 'signal'> {
  /** A name is taken as it is, and nothing is asked. @defaultValue `auto` */
  readonly dialect?: DialectName | 'auto' | undefined
  /** How long a request waits for the detection. @defaultValue 250 */
  readonly waitMs?: number | undefined
  /** How old an answer may be before a request has it renewed, without waiting. @defaultValue 60000 */
  readonly renewMs?: number | undefined
  /** Milliseconds of a monotonic clock. @defaultValue performance.now */
  readonly now?: (() => number) | undefined
}

/** Somebody set the dialect. */
export interface DialectSet {
  readonly by: 'setting'
  readonly dialect: DialectName
}

/** Why a selector holds its dialect. */
export type DialectEvidence = Detection | DialectRefused | DialectSet

export interface DialectSelectorCounters {
  /** Times this selector has asked the frontend. */
  readonly detections: number
  /** Requests that went before the frontend was known. */
  readonly guesses: number
  /** Refused requests that made the dialect change. */
  readonly refusals: number
}

/** Knows the dialect of one frontend. Selectors of the same base URL in a process share what they know. */
export interface DialectSelector {
  /** What is known now, session headers before anything is. For tool events, which cannot wait. */
  readonly current: Dialect
  /** undefined before the first answer. */
  readonly evidence: DialectEvidence | undefined
  /**
   * The dialect for a request that is about to go. Asks the frontend when it
   * is not known or in doubt, and waits for the answer at most `waitMs`.
   * Never rejects. Called before the first request, it makes that one wait less.
   */
  select(): Promise<Dialect>
  /** A connection failed or the answer was a 5xx: what comes next may be another Dynamo, so select() asks anew. */
  doubt(): void
  /**
   * Tells of a 400. One that names `agent_context` as unknown makes session
   * headers the dialect.
   *
   * @param used What the refused request was made with.
   * @returns The dialect to repeat the request with, once; undefined when the refusal is about something else.
   */
  heal(used: Dialect, refusal: string): Dialect | undefined
  readonly counters: DialectSelectorCounters
}

/**
 * Selects the dialect of a frontend. When it is asked again:
 *
 * - before the next request, after a connection error or a 5xx: a frontend
 *   that was replaced is known before it gets a request, and one that does not
 *   answer keeps the dialect it had;
 * - beside a request, when the last answer is older than `renewMs`: a Dynamo
 *   1.2 that silently took the place of a later one ignores session headers,
 *   and nothing but asking would ever show it;
 * - beside a request, 5 s after it has not answered.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when `baseUrl` is no http address.
 */
export function createDialectSelector(options: DialectSelectorOptions): DialectSelector {
  const baseUrl = requireBaseUrl(options)
  const { dialect = 'auto' } = options
  return dialect === 'auto' ? detectingSelector(baseUrl, options) : setSelector(dialect)
}

/** How long after a question without an answer the next one is asked, failures aside. */
const RETRY_MS = 5000

function detectingSelector(baseUrl: string, options: DialectSelectorOptions): DialectSelector {
  const { waitMs = 250, renewMs = 60_000, now = () => performance.now() } = options
  const frontend = knowledgeOf(baseUrl)
  const counters = { detections: 0, guesses: 0, refusals: 0 }
  const inDoubt = () => frontend.settledDoubts < frontend.doubts

  async function detect(): Promise<void> {
    // A failure while the answer is on its way is not settled by it.
    const { doubts } = frontend
    frontend.askedDoubts = doubts
    frontend.askedMs = now()
    counters.detections++
    const detection = await detectGeneration(options)
    frontend.asking = undefined
    frontend.silent = detection.by === 'unknown' && detection.transient
    if (frontend.silent) {
      frontend.evidence ??= detection
      return
    }
    frontend.evidence = detection
    frontend.dialect = dialects[detection.dialect]
    frontend.settledDoubts = doubts
  }

  /** Of a server that is no Dynamo nothing is renewed: probes each minute would fill its log. */
  function maximumAgeMs(): number {
    if (inDoubt()) return RETRY_MS
    return frontend.evidence?.by === 'unknown' ? Infinity : renewMs
  }

  return {
    get current() {
      return frontend.dialect
    },
    get evidence() {
      return frontend.evidence
    },
    async select() {
      const isOld = now() - frontend.askedMs > maximumAgeMs()
      if (isOld || frontend.askedDoubts < frontend.doubts) frontend.asking ??= detect()
      if (frontend.asking !== undefined && inDoubt() && !frontend.silent) {
        const inTime = await within(waitMs, frontend.asking)
        if (!inTime) frontend.silent = true
      }
      if (inDoubt()) counters.guesses++
      return frontend.dialect
    },
    doubt() {
      frontend.doubts++
      frontend.silent = false
    },
    heal(used, refusal) {
      if (used.name !== 'agent-context-body' || !refusesAgentContext(refusal)) return undefined
      counters.refusals++
      frontend.dialect = sessionHeadersDialect
      frontend.evidence = { by: 'refusal', dialect: 'session-headers' }
      return frontend.dialect
    },
    counters,
  }
}

/** Keeps to what was set, except where the frontend has refused it and not failed since. */
function setSelector(name: DialectName): DialectSelector {
  let refused = false
  const counters = { detections: 0, guesses: 0, refusals: 0 }
  const current = () => (refused ? sessionHeadersDialect : dialects[name])
  return {
    get current() {
      return current()
    },
    get evidence(): DialectEvidence {
      return refused ? { by: 'refusal', dialect: 'session-headers' } : { by: 'setting', dialect: name }
    },
    select: () => Promise.resolve(current()),
    doubt() {
      refused = false
    },
    heal(used, refusal) {
      if (used.name !== 'agent-context-body' || !refusesAgentContext(refusal)) return undefined
      counters.refusals++
      refused = true
      return sessionHeadersDialect
    },
    counters,
  }
}

/** Whether `work` is done in time. The timer holds the process: a request is about to follow. */
async function within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false)
  })
  const inTime = await Promise.race([work.then(() => true), expired])
  clearTimeout(timer)
  return inTime
}
