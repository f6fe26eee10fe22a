// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, normalizeBaseUrl } from '@dynamo-agent/core'
import { patientTimeout } from './patient-timeout.ts'

/** What of a fetch a question needs; every fetch is one. */
export type QuestionFetch = (url: string, question: Question) => Promise<Answer>

export interface Question {
  readonly method?: 'GET' | 'POST'
  readonly body?: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** What of a `Response` is read. */
export interface Answer {
  readonly ok: boolean
  readonly status: number
  readonly body: Response['body'] | AsyncIterable<Uint8Array>
}

/** How to reach a frontend; shared by everything that asks it a question. */
export interface FrontendOptions {
  /** OpenAI-compatible root, such as `http://127.0.0.1:8000/v1`; a bare host gets `/v1`. */
  readonly baseUrl: string
  /** Sent as bearer token. */
  readonly apiKey?: string | undefined
  /** @defaultValue the global fetch */
  readonly fetch?: QuestionFetch | undefined
  /** How long the whole answer may take, while this process is not busy with something else. @defaultValue 2000 */
  readonly timeoutMs?: number | undefined
  /** Ends the wait early, with its own reason. */
  readonly signal?: AbortSignal | undefined
}

/** An answer of any status, read to its end. */
export interface TextAnswer {
  readonly url: string
  readonly ok: boolean
  readonly status: number
  /** Of an answer that refuses, without the token that was sent: some servers repeat it. */
  readonly text: string
}

/** More than any model list takes. Who sends more is no frontend, and must not fill the agent's memory. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

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
 * in time, `DYN_HTTP_INVALID_BODY` when it does not end, `DYN_INVALID_OPTION`
 * when the token cannot travel, and the signal's own reason when the caller
 * aborts.
 */
export function getText(url: string, options: FrontendOptions): Promise<TextAnswer> {
  return ask(url, {}, options)
}

/** Posts JSON; throws what getText throws. */
export function postText(url: string, content: JsonContent, options: FrontendOptions): Promise<TextAnswer> {
  const { body, headers } = content
  return ask(url, { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } }, options)
}

export interface JsonContent {
  /** JSON text. */
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

type Content = Partial<Pick<Question, 'method' | 'body' | 'headers'>>

async function ask(url: string, content: Content, options: FrontendOptions): Promise<TextAnswer> {
  const { apiKey, fetch = globalThis.fetch, timeoutMs = 2000, signal } = options
  const headers = { accept: 'application/json', ...content.headers, ...authorization(apiKey) }
  const timeout = patientTimeout(timeoutMs)
  try {
    const response = await fetch(url, {
      ...content,
      headers,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    const text = await readText(url, response)
    return { url, ok: response.ok, status: response.status, text: response.ok ? text : withoutToken(text, apiKey) }
  } catch (cause) {
    signal?.throwIfAborted()
    if (DynamoAgentError.isInstance(cause)) throw cause
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

/**
 * fetch would repeat a token that is no header in what it throws, which is why
 * that never gets so far. A line end behind the token is left out, as fetch does.
 */
function authorization(apiKey: string | undefined): Readonly<Record<string, string>> {
  if (apiKey === undefined) return {}
  const value = `Bearer ${apiKey}`.replace(/[\t\n\r ]+$/, '')
  if (/^[\t\x20-\x7E\x80-\xFF]*$/.test(value)) return { authorization: value }
  throw new DynamoAgentError({
    code: 'DYN_INVALID_OPTION',
    message: 'apiKey holds a character that cannot travel in a header',
    advice: 'Set DYNAMO_API_KEY to the token alone, on one line.',
  })
}

async function readText(url: string, { body }: Answer): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) {
      throw new DynamoAgentError({
        code: 'DYN_HTTP_INVALID_BODY',
        message: `${url} answered with more than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`,
        advice: "Set DYNAMO_BASE_URL to the server's OpenAI-compatible root, which usually ends in /v1.",
      })
    }
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function withoutToken(text: string, apiKey: string | undefined): string {
  return apiKey ? text.replaceAll(apiKey, '…') : text
}

/**
 * fetch itself only says "fetch failed"; what happened is its cause, which for
 * several addresses is a list, and without a word where fetch turns an answer
 * down by itself.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (error.cause !== undefined) return reasonOf(error.cause)
  // Of what OpenSSL says, the library and the reason are meant for people.
  const [, library, reason] = /:error:\w+:([^:]*):[^:]*:([^:]*):/.exec(error.message) ?? []
  if (reason !== undefined) return `${library}: ${reason}`
  return error.message || 'fetch takes no such answer, as with the 407 of a proxy'
}
