// SPDX-License-Identifier: Apache-2.0
import { request as openRequest, type IncomingMessage } from 'node:http'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  /** Values go out byte for byte as latin-1, blanks at their ends included. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** One exchange, without what fetch would add, refuse or tidy up. */
export async function exchange(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
  const response = await send(request, signal)
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece as Buffer)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: Buffer.concat(pieces).toString(),
  }
}

/** The same, given up after so long. */
export async function exchangeWithin(limitMs: number, request: HttpRequest): Promise<HttpResponse | undefined> {
  const signal = AbortSignal.timeout(limitMs)
  return exchange(request, signal).catch((error: unknown) => {
    if (signal.aborted) return undefined
    throw error
  })
}

/** An answer of which so many events have come has two tokens at least, without which a row has no time between them. */
const EVENTS_BEFORE_CUT = 8

/** Sends a request whose answer is a stream, and hangs up when its first events have come. */
export async function exchangeCut(request: HttpRequest): Promise<void> {
  const response = await send(request)
  let text = ''
  for await (const piece of response) {
    text += (piece as Buffer).toString('latin1')
    // Leaving the loop destroys the response.
    if (text.split('\n\n').length > EVENTS_BEFORE_CUT) break
  }
}

function send({ url, body, method, headers }: HttpRequest, signal?: AbortSignal): Promise<IncomingMessage> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const outgoing = openRequest(
      url,
      { method, headers: { ...length, ...headers }, ...(signal && { signal }) },
      resolve,
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
