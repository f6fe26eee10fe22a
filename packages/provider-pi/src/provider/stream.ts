// SPDX-License-Identifier: Apache-2.0
import { DEFAULT_API_KEY, type RequestIdentity } from '@dynamo-agent/core'
import type { PiModel, PiStreamOptions, PiStreamSimple } from '../pi/host.ts'
import { addHeaders } from './headers.ts'
import { addNvext } from './payload.ts'

export interface IdentifiedStreamOptions {
  /** Pi's own client; model and context pass through it untouched. */
  readonly streamSimple: PiStreamSimple
  readonly apiKey: string
  /** Called for each LLM call; undefined: the call goes without identity. */
  readonly identify: () => RequestIdentity | undefined
}

/**
 * The key that Pi is given in place of the real one. Pi reads `$NAME`, `!command`
 * or the name of a variable out of a key, differently in each generation, so a
 * key that holds a `$` would not arrive. The real one takes the sentinel's
 * place at the last moment, and a key from `/login` or `--api-key` still wins.
 */
export const SENTINEL_API_KEY = DEFAULT_API_KEY

/** Wraps Pi's client so that each call carries identity, hints and the real key. */
export function identifyStream({ streamSimple, apiKey, identify }: IdentifiedStreamOptions): PiStreamSimple {
  return (model: PiModel, context: unknown, options: PiStreamOptions = {}): unknown => {
    const identity = identify()
    const { onPayload } = options
    const identified: PiStreamOptions = {
      ...options,
      ...(options.apiKey === SENTINEL_API_KEY && { apiKey }),
      ...(identity !== undefined && {
        headers: addHeaders({ ofModel: model.headers, ofCall: options.headers }, identity.headers),
      }),
      ...(identity?.nvext !== undefined && {
        onPayload: async (payload, payloadModel) =>
          addNvext((await onPayload?.(payload, payloadModel)) ?? payload, identity.nvext),
      }),
    }
    return streamSimple(model, context, identified) as unknown
  }
}
