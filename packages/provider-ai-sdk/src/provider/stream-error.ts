// SPDX-License-Identifier: Apache-2.0
import { APICallError } from '@ai-sdk/provider'

/**
 * What goes wrong in the middle of a stream, in the form that an answer of
 * that status would have had. Dynamo tells of it as OpenAI does, by
 * `data: {"error":{"message","type","code"}}` (measured on 1.4.2), which the
 * SDK's class passes on as a plain object.
 */
export function streamError(error: unknown, url: string): unknown {
  if (error instanceof Error || typeof error !== 'object' || error === null) return error
  const { message, code } = error as { readonly message?: unknown; readonly code?: unknown }
  return new APICallError({
    message: typeof message === 'string' ? message : 'The stream failed.',
    url,
    requestBodyValues: undefined,
    ...(typeof code === 'number' && { statusCode: code }),
    data: { error },
  })
}
