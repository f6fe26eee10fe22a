// SPDX-License-Identifier: Apache-2.0

/** What Dynamo's router and engines may do with a request (`nvext.agent_hints`). */
export interface AgentHints {
  /** i32; higher is more important (Dynamo 1.1 and later). */
  readonly priority?: number
  /** u32; a coarse tier that is compared before `priority`. Dynamo 1.3 and later; 1.2 ignores it. */
  readonly strictPriority?: number
  /** Expected output length in tokens (u32). */
  readonly outputLength?: number
  /** Warm the cache for the next turn as soon as this one ends. */
  readonly speculativePrefill?: boolean
}

const hintKeys = ['priority', 'strictPriority', 'outputLength', 'speculativePrefill'] as const

/** Hints of which any may be undefined. */
export type AgentHintLayer = { readonly [Key in keyof AgentHints]?: AgentHints[Key] | undefined }

/**
 * Later arguments win, key by key: provider, then context, then call. A key
 * that is undefined says nothing, so it takes nothing away from the layer below.
 */
export function mergeAgentHints(...layers: readonly (AgentHintLayer | undefined)[]): AgentHints {
  const merged: Record<string, unknown> = {}
  for (const layer of layers) {
    for (const key of hintKeys) if (layer?.[key] !== undefined) merged[key] = layer[key]
  }
  return merged
}

/** `nvext.agent_hints` as it goes over the wire. */
export interface WireAgentHints {
  priority?: number
  strict_priority?: number
  osl?: number
  speculative_prefill?: boolean
}

const I32_MAX = 2 ** 31 - 1
const U32_MAX = 2 ** 32 - 1

/**
 * Hints as Dynamo accepts them. It answers 400 to a fraction, to a negative
 * u32 and, from 1.3 on, to any unknown key (measured), so values are rounded
 * and clamped here and values that are no numbers are left out.
 *
 * @returns undefined when nothing is left to say.
 */
export function encodeAgentHints(hints: AgentHints): WireAgentHints | undefined {
  const wire: WireAgentHints = {}
  const priority = toInteger(hints.priority, -I32_MAX - 1, I32_MAX)
  const strictPriority = toInteger(hints.strictPriority, 0, U32_MAX)
  const osl = toInteger(hints.outputLength, 0, U32_MAX)
  if (priority !== undefined) wire.priority = priority
  if (strictPriority !== undefined) wire.strict_priority = strictPriority
  if (osl !== undefined) wire.osl = osl
  if (typeof hints.speculativePrefill === 'boolean') wire.speculative_prefill = hints.speculativePrefill
  return Object.keys(wire).length > 0 ? wire : undefined
}

function toInteger(value: number | undefined, least: number, most: number): number | undefined {
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined
  // Adding zero turns the -0 that rounding can give into 0.
  return Math.min(most, Math.max(least, Math.round(value))) + 0
}
