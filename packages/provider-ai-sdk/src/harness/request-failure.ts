// SPDX-License-Identifier: Apache-2.0
import { errorName } from '../error-kind.ts'

/** What is told of a failed request: never its message, which may quote the prompt. */
export interface RequestFailure {
  /** Of HTTP; absent where no answer came. */
  readonly status?: number
  /** A code of the system, such as `ECONNREFUSED`, or the class of the error; absent where the status says it all. */
  readonly errorType?: string
}

/** What the SDK's APICallError has, whose class would bring the SDK into a process that only registers. */
interface ApiCallFailure {
  readonly statusCode?: unknown
  readonly isRetryable?: unknown
}

export function describeFailure(error: unknown): RequestFailure {
  const { statusCode: status } = fieldsOf(error)
  // An answer that began well may break off: its status tells nothing of that.
  return typeof status === 'number' && status >= 400 ? { status } : { errorType: systemCode(error) ?? errorName(error) }
}

/** Whether the SDK tries a request again that has failed in this way, if it may. */
export function isRetryable(error: unknown): boolean {
  return fieldsOf(error).isRetryable === true
}

function fieldsOf(error: unknown): ApiCallFailure {
  return error instanceof Error ? (error as ApiCallFailure) : {}
}

/** Errors may go round in a ring. */
const MAX_CAUSES = 8

/** Of the innermost error that has one: the SDK wraps what fetch throws, and fetch what the system says. */
function systemCode(error: unknown): string | undefined {
  let found: string | undefined
  let current = error
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth++) {
    const { code } = current as { readonly code?: unknown }
    if (typeof code === 'string') found = code
    current = current.cause
  }
  return found
}
