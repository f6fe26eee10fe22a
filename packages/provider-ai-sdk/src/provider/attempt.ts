// SPDX-License-Identifier: Apache-2.0
import type { JSONObject } from '@ai-sdk/provider'
import { addNvext } from '@dynamo-agent/client/identity'
import { observeNvext, type Nvext } from '@dynamo-agent/client/nvext'
import {
  encodeAgentHints,
  type AgentContext,
  type AgentHints,
  type Dialect,
  type RequestIdentity,
} from '@dynamo-agent/core'
import { AsyncLocalStorage } from 'node:async_hooks'

/** Everything that is said of one attempt of a call besides its prompt. */
export interface AttemptFacts {
  /** Who makes the call; undefined when nobody has said. */
  readonly context: AgentContext | undefined
  readonly hints: AgentHints
  readonly extraFields: readonly string[]
  readonly isFinal: boolean
  /** The caller's own `nvext`, which wins. */
  readonly nvext: JSONObject | undefined
}

/** One attempt of an LLM call. A retry by the SDK is another one. */
export interface Attempt {
  /** Who makes it and how it is to be served, in the dialect that is asked for, under a new request id. */
  identify(dialect: Dialect): RequestIdentity
  /** Makes its request, and reads what the answer tells of its serving. */
  send(request: Parameters<Fetch>, fetch: Fetch): Promise<Response>
  /** `x-request-id` as it was sent. */
  readonly requestId: string | undefined
  /** What the answer has told so far. */
  readonly nvext: Nvext
}

type Fetch = typeof globalThis.fetch

/**
 * The attempt that a fetch is made for: the classes of the SDK hand one fetch
 * to all calls of a model, and nothing of the call to the fetch.
 */
export const currentAttempt = new AsyncLocalStorage<Attempt>()

export function createAttempt(facts: AttemptFacts): Attempt {
  let requestId: string | undefined
  let nvext: Nvext = {}
  return {
    identify: (dialect) => identify(facts, dialect),
    async send([input, init], fetch) {
      requestId = new Headers(init?.headers).get('x-request-id') ?? undefined
      const response = await fetch(input, init)
      return observeNvext(response, (told) => {
        nvext = { ...nvext, ...told }
      })
    },
    get requestId() {
      return requestId
    },
    get nvext() {
      return nvext
    },
  }
}

function identify(facts: AttemptFacts, dialect: Dialect): RequestIdentity {
  const { context, hints, extraFields, isFinal } = facts
  const requestId = globalThis.crypto.randomUUID()
  const identity =
    context === undefined ? identifyNobody(hints, requestId) : dialect.identify(context, hints, requestId)
  const end = isFinal && context !== undefined ? dialect.identifyEnd(context, requestId) : undefined
  const nvext = { ...identity.nvext, ...(extraFields.length > 0 && { extra_fields: extraFields }) }
  const { nvext: merged } = addNvext({ nvext: facts.nvext }, nvext) as Required<Pick<RequestIdentity, 'nvext'>>
  return {
    headers: { ...identity.headers, ...end?.headers },
    ...(Object.keys(merged).length > 0 && { nvext: merged }),
  }
}

function identifyNobody(hints: AgentHints, requestId: string): RequestIdentity {
  const agentHints = encodeAgentHints(hints)
  return { headers: { 'x-request-id': requestId }, ...(agentHints && { nvext: { agent_hints: agentHints } }) }
}
