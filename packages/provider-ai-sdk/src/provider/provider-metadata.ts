// SPDX-License-Identifier: Apache-2.0
import type { SharedV3ProviderMetadata } from '@ai-sdk/provider'
import type { Nvext, NvextTiming } from '@dynamo-agent/client/nvext'

/** `providerMetadata.dynamo` of an answer: how Dynamo served it. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an alias fits the SDK's JSON types
export type DynamoProviderMetadata = {
  /** `x-request-id` as it was sent; Dynamo's trace has it as `x_request_id`. A new one for each attempt. */
  requestId?: string
  /** Which workers served it. Ids are u64 and exceed 2^53, so they are decimal digits in a string. */
  worker?: {
    prefillWorkerId?: string
    prefillDpRank?: number
    decodeWorkerId?: string
    decodeDpRank?: number
  }
  /** Milliseconds, and `kvHitRate`: cached blocks over all blocks of the input, 0 to 1. */
  timing?: { -readonly [Key in keyof NvextTiming]: NvextTiming[Key] }
}

/** What an answer has told, in the form that the SDK keeps. */
export function describeAnswer(requestId: string | undefined, { workerId, timing }: Nvext): DynamoProviderMetadata {
  const { prefillWorkerId, decodeWorkerId, ...ranks } = workerId ?? {}
  return {
    ...(requestId !== undefined && { requestId }),
    ...(workerId !== undefined && {
      worker: {
        ...(prefillWorkerId !== undefined && { prefillWorkerId: String(prefillWorkerId) }),
        ...(decodeWorkerId !== undefined && { decodeWorkerId: String(decodeWorkerId) }),
        ...ranks,
      },
    }),
    ...(timing !== undefined && { timing }),
  }
}

/** Adds to what the model itself had to say under `dynamo`. */
export function addMetadata(
  metadata: SharedV3ProviderMetadata | undefined,
  dynamo: DynamoProviderMetadata,
): SharedV3ProviderMetadata {
  return { ...metadata, dynamo: { ...metadata?.dynamo, ...dynamo } }
}
