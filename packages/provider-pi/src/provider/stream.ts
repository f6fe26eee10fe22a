// SPDX-License-Identifier: Apache-2.0
import { oldestReleaseOf, type DialectSelector } from '@dynamo-agent/client/detect'
import { addNvext, createIdentityFetch, headersToAdd } from '@dynamo-agent/client/identity'
import { withoutRefusedKeys, type Dialect, type RequestIdentity } from '@dynamo-agent/core'
import type { PiModel, PiStreamOptions, PiStreamSimple } from '../pi/host.ts'

export interface CallIdentity {
  readonly selector: DialectSelector
  /** Who makes the call; undefined when that is not known yet. */
  readonly identify: (dialect: Dialect, call: PiCall) => RequestIdentity | undefined
}

/** What Pi says of an LLM call. */
export interface PiCall {
  /** Pi's own id of the session, in an ordinary turn of it. */
  readonly sessionId?: string | undefined
  readonly modelId?: string | undefined
}

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
function identifyCall({ selector, identify }: CallIdentity, model: PiModel, options: PiStreamOptions): PiStreamOptions {
  const { headers, onPayload, fetch, sessionId } = options
  const taken = Object.keys({ ...model.headers, ...headers })
  const identifyAttempt = (dialect: Dialect) => {
    const identity = identify(dialect, { sessionId, modelId: model.id })
    return identity && { ...identity, headers: headersToAdd(identity.headers, taken) }
  }
  const identity = identifyAttempt(selector.current)
  if (identity === undefined) return {}
  const { nvext } = identity
  const release = oldestReleaseOf(selector.evidence)
  return {
    headers: { ...identity.headers, ...headers },
    onPayload: async (payload, payloadModel) => {
      const body = (await onPayload?.(payload, payloadModel)) ?? payload
      return addNvext(release === undefined ? body : withoutRefusedKeys(body, release), nvext)
    },
    fetch: createIdentityFetch({ selector, identify: identifyAttempt, fetch }),
  }
}
