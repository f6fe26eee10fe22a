// SPDX-License-Identifier: Apache-2.0
import { DEFAULT_API_KEY } from '@dynamo-agent/core'
import type { PiModel, PiStreamOptions, PiStreamSimple } from '../pi/host.ts'

/**
 * The key that Pi is given in place of the real one. Pi reads `$NAME`, `!command`
 * or the name of a variable out of a key, differently in each generation, so a
 * key that holds a `$` would not arrive. The real one takes the sentinel's
 * place at the last moment, and a key from `/login` or `--api-key` still wins.
 */
export const SENTINEL_API_KEY = DEFAULT_API_KEY

/** Wraps Pi's client so that each call has the real key. */
export function withApiKey(streamSimple: PiStreamSimple, apiKey: string): PiStreamSimple {
  return (model: PiModel, context: unknown, options: PiStreamOptions = {}): unknown =>
    streamSimple(model, context, options.apiKey === SENTINEL_API_KEY ? { ...options, apiKey } : options) as unknown
}
