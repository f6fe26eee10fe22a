// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'

/** What could not be written to, and why. */
interface Unwritable {
  /** Such as `cannot write x`. */
  readonly what: string
  /** What to do about it, unless the disk is full. */
  readonly advice: string
  readonly cause: unknown
}

/** What systems call a disk without room, and one on which this user may have no more of it. */
const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT']

/** The error of a place that cannot be written to. */
export function unwritable({ what, advice, cause }: Unwritable): DynamoAgentError {
  const isFull = cause instanceof Error && 'code' in cause && FULL.includes(cause.code)
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice: isFull ? 'Make room on that disk, or name a place on another one.' : advice,
    cause,
  })
}
