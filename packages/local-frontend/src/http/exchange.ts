// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createResponseWriter, type ResponseWriter } from './response-writer.ts'

/** One request and its answer, on their way through the frontend. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Parsed: `pathname` and `search` are what the client asked for, the host is meaningless. */
  readonly url: URL
  /** Epoch milliseconds, fractional, when the head of the request was there. */
  readonly receivedMs: number
  /** Aborts when the client goes away before the answer is out. */
  readonly signal: AbortSignal
  readonly writer: ResponseWriter
}

export interface ExchangeOptions {
  readonly receivedMs: number
  /** See createResponseWriter. */
  readonly stallTimeoutMs: number
}

/** @returns undefined when the request's target is no path. */
export function openExchange(
  request: IncomingMessage,
  response: ServerResponse,
  options: ExchangeOptions,
): Exchange | undefined {
  const target = request.url ?? ''
  // A second slash at the start would be read as the start of a host name.
  const url = URL.parse(target.startsWith('/') ? `http://frontend${target}` : target)
  if (url === null) return undefined
  const gone = new AbortController()
  // A write that finds the connection broken says so here; what matters is the close that follows.
  response.on('error', () => undefined)
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return {
    request,
    response,
    url,
    receivedMs: options.receivedMs,
    signal: gone.signal,
    writer: createResponseWriter(response, options.stallTimeoutMs),
  }
}
