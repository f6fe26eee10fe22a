// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, normalizeBaseUrl } from '@dynamo-agent/core'

/** How to reach a frontend; shared by everything that asks it a question. */
export interface FrontendOptions {
  /** OpenAI-compatible root, such as `http://127.0.0.1:8000/v1`; a bare host gets `/v1`. */
  readonly baseUrl: string
  /** Sent as bearer token. */
  readonly apiKey?: string | undefined
  /** @defaultValue the global fetch */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** How long the whole answer may take. @defaultValue 2000 */
  readonly timeoutMs?: number | undefined
  /** Ends the wait early, with its own reason. */
  readonly signal?: AbortSignal | undefined
}

/** An answer of any status, read to its end. */
export interface TextAnswer {
  readonly url: string
  readonly ok: boolean
  readonly status: number
  readonly text: string
}

/**
 * The OpenAI-compatible root in the one form that paths can be added to.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when it is no http address.
 */
export function requireBaseUrl({ baseUrl }: FrontendOptions): string {
  const url = normalizeBaseUrl(baseUrl)
  if (url !== undefined) return url
  throw new DynamoAgentError({
    code: 'DYN_INVALID_OPTION',
    message: `baseUrl ${JSON.stringify(baseUrl)} is not an http address`,
    advice: 'Give the address of the frontend, such as http://127.0.0.1:8000/v1.',
  })
}

/**
 * @throws DynamoAgentError `DYN_HTTP_UNREACHABLE` when no whole answer comes
 * in time, and the signal's own reason when the caller aborts.
 */
export function getText(url: string, options: FrontendOptions): Promise<TextAnswer> {
  return ask(url, {}, options)
}

/** Posts JSON; throws what getText throws. */
export function postText(url: string, body: string, options: FrontendOptions): Promise<TextAnswer> {
  return ask(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } }, options)
}

interface Question {
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function ask(url: string, question: Question, options: FrontendOptions): Promise<TextAnswer> {
  const { apiKey, fetch = globalThis.fetch, timeoutMs = 2000, signal } = options
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      ...question,
      headers: {
        accept: 'application/json',
        ...question.headers,
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    return { url, ok: response.ok, status: response.status, text: await response.text() }
  } catch (cause) {
    signal?.throwIfAborted()
    throw new DynamoAgentError({
      code: 'DYN_HTTP_UNREACHABLE',
      message: timeout.aborted
        ? `${url} did not answer within ${timeoutMs} ms`
        : `${url} cannot be reached: ${reasonOf(cause)}`,
      advice: 'Start the frontend, or set DYNAMO_BASE_URL to where it listens.',
      cause,
    })
  }
}

/** fetch itself only says "fetch failed"; what happened is its cause, which for several addresses is a list. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error.cause === undefined ? error.message || error.name : reasonOf(error.cause)
}
