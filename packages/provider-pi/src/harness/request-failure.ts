// SPDX-License-Identifier: Apache-2.0
import type { RequestError } from '@dynamo-agent/core'

/** What all generations of Pi tell of a failed request is a text, which begins with the status if there was one. */
const leadingStatus = /^(?:HTTP )?([1-5]\d\d)\b/
/** Codes of Node and of undici. */
const systemCode = /\b(?:E[A-Z]{4,}|UND_ERR_[A-Z_]+)\b/

/** The status and the class of a failure out of Pi's text for it, and nothing else of the text. */
export function classifyFailure(text: string): Pick<RequestError, 'status' | 'errorType'> {
  const status = leadingStatus.exec(text)?.[1]
  if (status !== undefined) return { status: Number(status) }
  const errorType = systemCode.exec(text)?.[0] ?? (text.startsWith('Connection error') ? 'connection_error' : undefined)
  return errorType === undefined ? {} : { errorType }
}
