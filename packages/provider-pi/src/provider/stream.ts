// SPDX-License-Identifier: Apache-2.0
import { addNvext, createIdentityFetch, headersToAdd, type DialectSelector } from '@dynamo-agent/client'
import { DEFAULT_API_KEY, withoutRefusedKeys, type Dialect, type RequestIdentity } from '@dynamo-agent/core'
import type { PiModel, PiStreamOptions, PiStreamSimple } from '../pi/host.ts'

export interface IdentifiedStreamOptions {
  /** Pi's own client; model and context pass through it untouched. */
  readonly streamSimple: PiStreamSimple
  readonly apiKey: string
  /** undefined: every call goes without identity. */
  readonly identity?: CallIdentity | undefined
}

export interface CallIdentity {
  readonly selector: DialectSelector
  /** Who makes the call; undefined when that is not known yet. */
  readonly identify: (dialect: Dialect) => RequestIdentity | undefined
}

/**
 * The key that Pi is given in place of the real one. Pi reads `$NAME`, `!command`
 * or the name of a variable out of a key, differently in each generation, so a
 * key that holds a `$` would not arrive. The real one takes the sentinel's
 * place at the last moment, and a key from `/login` or `--api-key` still wins.
 */
export const SENTINEL_API_KEY = DEFAULT_API_KEY

/** Wraps Pi's client so that each call carries identity, hints and the real key. */
export function identifyStream({ streamSimple, apiKey, identity }: IdentifiedStreamOptions): PiStreamSimple {
  return (model: PiModel, context: unknown, options: PiStreamOptions = {}): unknown => {
    const identified: PiStreamOptions = {
      ...options,
      ...(options.apiKey === SENTINEL_API_KEY && { apiKey }),
      ...(identity && identifyCall(identity, model, options)),
    }
    return streamSimple(model, context, identified) as unknown
  }
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
  const { headers, onPayload, fetch } = options
  const taken = Object.keys({ ...model.headers, ...headers })
  const identifyAttempt = (dialect: Dialect) => {
    const identity = identify(dialect)
    return identity && { ...identity, headers: headersToAdd(identity.headers, taken) }
  }
  const identity = identifyAttempt(selector.current)
  if (identity === undefined) return {}
  const { nvext } = identity
  const { evidence } = selector
  const release = evidence?.by === 'openapi' ? evidence.release : undefined
  return {
    headers: { ...identity.headers, ...headers },
    onPayload: async (payload, payloadModel) => {
      const body = (await onPayload?.(payload, payloadModel)) ?? payload
      return addNvext(release === undefined ? body : withoutRefusedKeys(body, release), nvext)
    },
    fetch: createIdentityFetch({ selector, identify: identifyAttempt, fetch }),
  }
}
