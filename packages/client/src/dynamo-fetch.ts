// SPDX-License-Identifier: Apache-2.0
import type { RequestInit } from 'undici'
import { openConnections } from './connections.ts'
import { fetch as undiciFetch } from './undici.ts'

export interface DynamoFetchOptions {
  /** How long opening a connection may take. @defaultValue 10000 */
  readonly connectTimeoutMs?: number
  /** How long `close()` waits for open requests before it cuts them. @defaultValue 1000 */
  readonly closeTimeoutMs?: number
}

/** A `fetch` with connections of its own. */
export interface DynamoFetch extends AsyncDisposable {
  (...args: Parameters<typeof globalThis.fetch>): Promise<Response>
  /**
   * Lets open requests end, cuts what is left after `closeTimeoutMs`, and
   * closes every connection. Requests made after it fail. Never rejects; each
   * call returns the same promise.
   */
  close(): Promise<void>
}

/**
 * Makes a `fetch` for LLM calls. Node's own gives up on a response that shows
 * no header, or no further byte of its body, for 300 s, and a long prefill or
 * a full queue takes longer than that; this one waits until the server answers,
 * closes the connection, or the caller aborts. A peer that vanishes is found
 * by TCP keep-alive.
 *
 * Idle connections do not keep the process alive.
 */
export function createDynamoFetch(options: DynamoFetchOptions = {}): DynamoFetch {
  const { connectTimeoutMs = 10_000, closeTimeoutMs = 1000 } = options
  const connections = openConnections(connectTimeoutMs)
  let closed: Promise<void> | undefined

  const dynamoFetch = async (...[input, init]: Parameters<typeof globalThis.fetch>): Promise<Response> => {
    const [resource, ownInit] = input instanceof Request ? fromGlobalRequest(input) : [input, {}]
    const merged = { ...ownInit, ...init, dispatcher: connections.agent } as RequestInit
    // undici's Response does all that Node's does but is no instance of it. Making it one would
    // let undici's own object be collected, which cancels a body that nobody has begun to read.
    const response: unknown = await undiciFetch(resource, merged)
    return response as Response
  }

  const close = () => (closed ??= connections.close(closeTimeoutMs))
  return Object.assign(dynamoFetch, { close, [Symbol.asyncDispose]: close })
}

/** undici knows its own Request class only and would read Node's as the text "[object Request]". */
function fromGlobalRequest(request: Request): [string, object] {
  const { method, headers, body, signal, redirect, url } = request
  return [url, { method, headers, signal, redirect, ...(body !== null && { body, duplex: 'half' }) }]
}
