// SPDX-License-Identifier: Apache-2.0
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { errorReply, type Reply } from './reply.ts'

export interface GuardOptions {
  /** The address that the server is bound to. */
  readonly host: string
  /** Further host names that may stand in Host and Origin, without port. */
  readonly allowedHosts: readonly string[]
  /** Bearer token that everything under `/v1` requires; none is required when it is absent. */
  readonly apiKey: string | undefined
}

/** Looks at a request's head and says why it is refused, if it is. `path` is the parsed one that routes match. */
export type Guard = (request: IncomingMessage, path: string) => Reply | undefined

/**
 * A server on the loopback address can be reached by every page that the
 * user's browser shows: with a host name that resolves to 127.0.0.1 (DNS
 * rebinding), or across origins with a form. Both betray themselves, the first
 * by its Host header, the second by its Origin.
 */
export function createGuard({ host, allowedHosts, apiKey }: GuardOptions): Guard {
  const hosts = new Set(['localhost', '127.0.0.1', '[::1]', host, `[${host}]`, ...allowedHosts].map(lowerCase))
  const expected = apiKey === undefined ? undefined : digest(apiKey)

  return (request, path) => {
    const { host: hostHeader = '', origin } = request.headers
    if (!hosts.has(hostName(`http://${hostHeader}`))) {
      return errorReply(403, 'The Host header names a host that this frontend does not serve; allow it with allowedHosts or --allow-host.')
    }
    if (origin !== undefined && !hosts.has(hostName(origin))) {
      return errorReply(403, 'Requests from this origin are refused; allow it with allowedHosts or --allow-host.')
    }
    if (expected !== undefined && path.startsWith('/v1') && !holdsToken(request, expected)) {
      const reply = errorReply(401, 'A bearer token is required.')
      return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'Bearer' } }
    }
    return undefined
  }
}

/** Digests have one length, so the comparison takes the same time whatever was sent. */
function holdsToken(request: IncomingMessage, expected: Buffer): boolean {
  const token = /^bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return token !== undefined && timingSafeEqual(digest(token), expected)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function hostName(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : ''
}

function lowerCase(text: string): string {
  return text.toLowerCase()
}
