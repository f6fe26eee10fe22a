// SPDX-License-Identifier: Apache-2.0
import { agentContextBodyDialect, type Dialect, type RequestIdentity } from '@dynamo-agent/core'
import type { DialectSelector } from '../detect/dialect-selector.ts'
import { addNvextToText } from './add-nvext.ts'
import { readGenerationRequest, type GenerationRequest } from './generation-request.ts'
import { headersToAdd } from './headers-to-add.ts'

type Fetch = typeof globalThis.fetch

export interface IdentityFetchOptions {
  readonly selector: DialectSelector
  /**
   * Who makes the request, in the dialect that is asked for, such as
   * `dialect.identify(context, hints, randomUUID())`; undefined when nobody
   * is known. Called for each attempt, in the asynchronous context of the
   * call. When it throws, the request goes without identity.
   */
  readonly identify: (dialect: Dialect) => RequestIdentity | undefined
  /** @defaultValue the global fetch */
  readonly fetch?: Fetch | undefined
}

/**
 * Wraps a fetch so that each request for a generation carries identity and
 * hints in the frontend's own dialect, and a wrong guess of it mends itself:
 * a request that is refused for identity in its body is sent once more, with
 * headers, and the caller sees that answer alone.
 *
 * What the request says already stays. Only this same identity in a body, put
 * there by somebody who did not know the dialect, gives way.
 *
 * Requests that are none for a generation, or whose body is no JSON text, pass
 * untouched.
 */
export function createIdentityFetch(options: IdentityFetchOptions): Fetch {
  const { selector, identify, fetch = globalThis.fetch } = options

  return async (...request) => {
    const generation = readGenerationRequest(request)
    if (generation === undefined) return fetch(...request)
    const send = async (dialect: Dialect) => {
      const identity = tryToIdentify(dialect)
      const response = await watch(fetch(...(identity ? applyIdentity(generation, identity) : request)), request[1])
      return { response, carried: identity?.nvext?.agent_context !== undefined }
    }
    const dialect = await selector.select()
    const { response, carried } = await send(dialect)
    if (response.status !== 400 || !carried) return response
    const refusal = await response.clone().text().catch(() => '')
    const healed = selector.heal(dialect, refusal)
    if (healed === undefined) return response
    void response.body?.cancel().catch(() => undefined)
    return (await send(healed)).response
  }

  function tryToIdentify(dialect: Dialect): RequestIdentity | undefined {
    try {
      return identify(dialect)
    } catch {
      return undefined
    }
  }

  /** A caller's abort tells nothing of the frontend. */
  async function watch(answer: Promise<Response>, init: RequestInit | undefined): Promise<Response> {
    try {
      const response = await answer
      if (response.status >= 500) selector.doubt()
      return response
    } catch (error) {
      if (init?.signal?.aborted !== true) selector.doubt()
      throw error
    }
  }

  function applyIdentity({ url, init, ...request }: GenerationRequest, identity: RequestIdentity): Parameters<Fetch> {
    const headers = new Headers(request.headers)
    for (const [name, value] of Object.entries(headersToAdd(identity.headers, headers.keys()))) headers.set(name, value)
    const ownContext = () => tryToIdentify(agentContextBodyDialect)?.nvext?.agent_context
    const body = addNvextToText(request.body, identity.nvext, ownContext)
    // Some clients state the length of the body that they made.
    if (body !== request.body) headers.delete('content-length')
    return [url, { ...init, headers, body }]
  }
}
