// SPDX-License-Identifier: Apache-2.0
import type { PiModel, PiStreamOptions, PiStreamSimple } from './host.ts'

type Fetch = typeof globalThis.fetch

/**
 * Makes the client of Pi 0.73 take the option `fetch`, as later ones do.
 *
 * It makes an OpenAI client for each call, which takes whatever fetch is global
 * at that moment. Its code may still have to be loaded when the call is made;
 * but from where it reads the headers of the call, past the making of its
 * client, to where it offers the payload, it does not wait for anything. So for
 * just that long the fetch stands in the place of the global one. Where a
 * release reads the headers sooner, its client has the global fetch as before.
 */
export function lendFetch(streamSimple: PiStreamSimple): PiStreamSimple {
  return (model: PiModel, context: unknown, options: PiStreamOptions = {}): unknown => {
    const { fetch, headers, onPayload, ...others } = options
    if (fetch === undefined) return streamSimple(model, context, options) as unknown
    let giveBack: () => void = () => undefined
    const lending = {
      ...others,
      get headers() {
        giveBack = putInPlaceOfGlobal(fetch)
        return headers
      },
      onPayload(payload: unknown, payloadModel: never) {
        giveBack()
        return onPayload?.(payload, payloadModel)
      },
    }
    return streamSimple(model, context, lending) as unknown
  }
}

/** @returns Takes it away again, which happens in any case before the process waits for anything. */
function putInPlaceOfGlobal(fetch: Fetch): () => void {
  const before = globalThis.fetch
  const giveBack = () => {
    if (globalThis.fetch === fetch) globalThis.fetch = before
  }
  if (!Reflect.set(globalThis, 'fetch', fetch)) return () => undefined
  queueMicrotask(giveBack)
  return giveBack
}
