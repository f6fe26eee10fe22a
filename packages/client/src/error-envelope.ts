// SPDX-License-Identifier: Apache-2.0
import { stringifyExactJson } from '@dynamo-agent/core'
import { fieldsOf, parseLoosely, readText } from './loose-json.ts'

type Fetch = typeof globalThis.fetch

/**
 * Wraps a fetch so that clients made for OpenAI find out why they are refused:
 * Dynamo answers `{"message","type","code"}` where they look for
 * `{"error":{"message"}}` and else say "no body" (measured on 1.2.1 to 1.6.1).
 * Everything but such an answer passes untouched.
 */
export function withErrorEnvelope(fetch: Fetch): Fetch {
  return async (...request) => {
    const response = await fetch(...request)
    return response.ok ? response : await putIntoEnvelope(response)
  }
}

async function putIntoEnvelope(response: Response): Promise<Response> {
  const text = await response.clone().text().catch(() => '')
  const body = fieldsOf(parseLoosely(text))
  if (readText(body.message) === undefined || body.error !== undefined) return response
  void response.body?.cancel().catch(() => undefined)
  const headers = new Headers(response.headers)
  // They speak of the body as it was.
  headers.delete('content-length')
  headers.delete('content-encoding')
  const { status, statusText } = response
  return new Response(stringifyExactJson({ error: body }), { status, statusText, headers })
}
