// SPDX-License-Identifier: Apache-2.0
import { oldestReleaseOf, type DialectSelector } from '@dynamo-agent/client/detect'
import { addNvext, createIdentityFetch, headersToAdd, withErrorEnvelope } from '@dynamo-agent/client/identity'
import { withoutRefusedKeys, type Dialect, type RequestIdentity } from '@dynamo-agent/core'
import type { PiModel, PiStreamOptions, PiStreamSimple } from '../pi/host.ts'

export interface CallIdentity {
  readonly selector: DialectSelector
  /** Who makes the call; undefined when that is not known yet. */
  readonly identify: (dialect: Dialect, call: PiCall) => RequestIdentity | undefined
  /**
   * Looks at the answer to a call, of which Dynamo is asked to tell in it how
   * it was served; undefined when nobody looks.
   */
  readonly observe?: (call: PiCall) => ObserveAnswer | undefined
  /** Told the request id that a call goes with. */
  readonly onRequestId?: (call: PiCall, requestId: string) => void
}

/** Gives back an answer for its reader; the one that was given is used up. */
export type ObserveAnswer = (answer: Response) => Response

/** What Pi says of an LLM call. */
export interface PiCall {
  /** Pi's own id of the session, in an ordinary turn of it. */
  readonly sessionId?: string | undefined
  readonly modelId?: string | undefined
}

type Fetch = typeof globalThis.fetch

/** What Dynamo tells in an answer when it is asked to; all of 1.2 to 1.6 know these (measured). */
const extraFields = ['worker_id', 'timing'] as const

/** Wraps Pi's client so that each call carries identity and hints; model and context pass through it untouched. */
export function identifyStream(streamSimple: PiStreamSimple, identity: CallIdentity): PiStreamSimple {
  return (model: PiModel, context: unknown, options: PiStreamOptions = {}): unknown =>
    streamSimple(model, context, { ...options, ...identifyCall(identity, model, options) }) as unknown
}

/**
 * What identifies one call, twice over. Headers and body serve every Pi, in
 * the dialect that is known when the call begins. A Pi whose client takes a
 * fetch also gets the one that waits for the dialect, and mends a wrong one.
 *
 * What somebody set before, in any letter case, stays, and a null that deletes
 * a header counts as set. Only keys of the body go for which the release that
 * answers is known to refuse the whole request.
 */
function identifyCall(callIdentity: CallIdentity, model: PiModel, options: PiStreamOptions): PiStreamOptions {
  const { selector, identify } = callIdentity
  const { headers, onPayload, fetch, sessionId } = options
  const taken = Object.keys({ ...model.headers, ...headers })
  const call = { sessionId, modelId: model.id }
  // What is no Dynamo may refuse the question, and one that is not known yet may be none.
  const observe = oldestReleaseOf(selector.evidence) === undefined ? undefined : callIdentity.observe?.(call)
  const identifyAttempt = (dialect: Dialect) => {
    const identity = identify(dialect, call)
    if (identity === undefined) return undefined
    const nvext = observe === undefined ? identity.nvext : { ...identity.nvext, extra_fields: extraFields }
    return { headers: headersToAdd(identity.headers, taken), ...(nvext && { nvext }) }
  }
  const identity = identifyAttempt(selector.current)
  if (identity === undefined) return {}
  const { nvext } = identity
  const requestId = identity.headers['x-request-id']
  if (requestId !== undefined) callIdentity.onRequestId?.(call, requestId)
  const release = oldestReleaseOf(selector.evidence)
  return {
    headers: { ...identity.headers, ...headers },
    onPayload: async (payload, payloadModel) => {
      const body = (await onPayload?.(payload, payloadModel)) ?? payload
      return addNvext(release === undefined ? body : withoutRefusedKeys(body, release), nvext)
    },
    fetch: withErrorEnvelope(observed(createIdentityFetch({ selector, identify: identifyAttempt, fetch }), observe)),
  }
}

function observed(fetch: Fetch, observe: ObserveAnswer | undefined): Fetch {
  return observe === undefined ? fetch : async (...request) => observe(await fetch(...request))
}
