// SPDX-License-Identifier: Apache-2.0
import { mergeAgentHints, type AgentHints } from '@dynamo-agent/core'

/** What Dynamo's router and engines may do with a call (`nvext.agent_hints`). */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an alias fits the SDK's JSON types
export type DynamoHints = {
  /** i32; higher is more important. */
  readonly priority?: number | undefined
  /** u32; a coarse tier that is compared before `priority` (Dynamo 1.3 and later). */
  readonly strictPriority?: number | undefined
  /** Expected output in tokens; `auto` is the mean of the trajectory's latest answers, from the third on. */
  readonly outputLength?: number | 'auto' | undefined
  /** Warm the cache for the next turn as soon as this one ends; `auto`: while the trajectory's tools are short. */
  readonly speculativePrefill?: boolean | 'auto' | undefined
}

/**
 * Later layers win, key by key.
 *
 * @param learnt What `auto` stands for. While that is not known, the layers
 * below have their say.
 */
export function mergeHints(layers: readonly (DynamoHints | undefined)[], learnt: AgentHints): AgentHints {
  const plain = layers.map((layer) => {
    const { outputLength, speculativePrefill, ...hints } = layer ?? {}
    return {
      ...hints,
      outputLength: outputLength === 'auto' ? learnt.outputLength : outputLength,
      speculativePrefill: speculativePrefill === 'auto' ? learnt.speculativePrefill : speculativePrefill,
    }
  })
  return mergeAgentHints(...plain)
}
