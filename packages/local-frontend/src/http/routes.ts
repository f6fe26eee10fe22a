// SPDX-License-Identifier: Apache-2.0
import type { GenerationTraits } from '../generation.ts'
import type { Exchange } from './exchange.ts'
import { errorReply, sendReply } from './reply.ts'

/** One row of the route table. */
export interface Route {
  /** `*` takes any method. */
  readonly method: 'GET' | 'POST' | '*'
  /** A path, or all paths below one that ends in `/*`. */
  readonly path: string
  readonly handle: (exchange: Exchange) => void | Promise<void>
}

/** Finds the first route that fits and runs it. What no route serves is answered as this generation does. */
export async function dispatch(routes: readonly Route[], exchange: Exchange, traits: GenerationTraits): Promise<void> {
  const { request, response, url } = exchange
  const method = request.method ?? 'GET'
  const onPath = routes.filter((route) => matchesPath(route.path, url.pathname))
  const route = onPath.find((candidate) => matchesMethod(candidate.method, method))
  if (route !== undefined) {
    await route.handle(exchange)
    return
  }
  request.resume()
  if (onPath.length > 0) {
    const allow = onPath.map((candidate) => (candidate.method === 'GET' ? 'GET,HEAD' : candidate.method)).join(',')
    sendReply(response, { status: 405, headers: { allow }, body: '' })
  } else if (traits.jsonRejections) sendReply(response, errorReply(404, `Route not found: ${method} ${url.pathname}`))
  else sendReply(response, { status: 404, headers: {}, body: '' })
}

/** What follows the prefix of a route whose path ends in `/*`. */
export function pathBelow(prefix: string, { url }: Exchange): string {
  const rest = url.pathname.slice(prefix.length)
  try {
    return decodeURIComponent(rest)
  } catch {
    return rest
  }
}

function matchesPath(path: string, pathname: string): boolean {
  return path.endsWith('/*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path
}

function matchesMethod(wanted: Route['method'], method: string): boolean {
  return wanted === '*' || wanted === method || (wanted === 'GET' && method === 'HEAD')
}
