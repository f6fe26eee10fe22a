// SPDX-License-Identifier: Apache-2.0
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { DynamoAgentError, normalizeBaseUrl } from '@dynamo-agent/core'
import type { Exchange } from '../http/exchange.ts'
import { endToEndHeaders } from './end-to-end-headers.ts'

export interface UpstreamOptions {
  /** OpenAI-compatible root; a bare host gets `/v1`. */
  readonly upstream: string
  /** Replaces the client's own `authorization`. */
  readonly apiKey?: string | undefined
}

/** Sends requests on to another server. */
export interface UpstreamClient {
  /** Without credentials, for messages. */
  readonly baseUrl: string
  /** Resolves with the head of the answer; its bytes are as they came. Rejects when the server cannot be reached. */
  send(exchange: Exchange, body: Buffer): Promise<IncomingMessage>
  close(): void
}

/**
 * Node's own client, because a fetch would decode compressed answers, and
 * what passes here has to stay as it is. It has no time-outs: a long prefill
 * may show no byte for minutes.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when the address is no http address.
 */
export function createUpstreamClient({ upstream, apiKey }: UpstreamOptions): UpstreamClient {
  const baseUrl = normalizeBaseUrl(upstream)
  if (baseUrl === undefined) {
    throw new DynamoAgentError({
      code: 'DYN_INVALID_OPTION',
      message: `upstream ${JSON.stringify(upstream)} is not an http address`,
      advice: 'Give the OpenAI-compatible root of a server, such as http://127.0.0.1:11434/v1.',
    })
  }
  const base = new URL(baseUrl)
  const secure = base.protocol === 'https:'
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const request = secure ? httpsRequest : httpRequest

  const send = (exchange: Exchange, body: Buffer) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { request: incoming, url, signal } = exchange
      const dropped = ['host', 'content-length', 'expect', ...(apiKey === undefined ? [] : ['authorization'])]
      const headers = [
        ...endToEndHeaders(incoming.rawHeaders, dropped),
        ...['host', base.host],
        ...(apiKey === undefined ? [] : ['authorization', `Bearer ${apiKey}`]),
        ...(hasBody(incoming) ? ['content-length', String(body.length)] : []),
      ]
      const target = new URL(base.pathname + url.pathname.slice('/v1'.length) + url.search, base)
      const outgoing = request(target, { method: incoming.method, headers, agent, signal }, resolve)
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection just as it was taken again: the request never got there.
        const stale = outgoing.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted
        if (stale) send(exchange, body).then(resolve, reject)
        else reject(error)
      })
      outgoing.end(body)
    })

  return {
    baseUrl,
    send,
    close() {
      agent.destroy()
    },
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}
