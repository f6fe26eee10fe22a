// SPDX-License-Identifier: Apache-2.0
import type { PiModelConfig } from '../pi/host.ts'
import type { ModelSettings } from '../settings/model-settings.ts'

/** What is known of a served model. */
export interface ServedModel {
  readonly id: string
  /** Tokens; Dynamo says 0 when it does not know. */
  readonly contextWindow?: number | undefined
}

const DEFAULT_CONTEXT_WINDOW = 128_000
const DEFAULT_MAX_TOKENS = 8192

/** Offered when Dynamo does not answer: Pi knows a provider, and takes any model id for it, once it has one model. */
export const FALLBACK_MODEL_ID = 'default'

/**
 * Keeps Pi from sending what Dynamo refuses or ignores. Dynamo answers 400 to
 * a top-level key that it does not know (measured on 1.2.1 to 1.6.1), and chat
 * templates of open models know `system`, not `developer`.
 */
const compat = {
  supportsStore: false,
  supportsDeveloperRole: false,
  supportsReasoningEffort: false,
  supportsStrictMode: false,
  supportsLongCacheRetention: false,
  supportsUsageInStreaming: true,
  maxTokensField: 'max_tokens',
} as const

/** A served model as Pi wants it described. Settings go before what Dynamo tells, and that before defaults. */
export function describeModel({ id, contextWindow: told }: ServedModel, settings: ModelSettings = {}): PiModelConfig {
  const known = told !== undefined && told > 0 ? told : DEFAULT_CONTEXT_WINDOW
  const { contextWindow = known } = settings
  return {
    id,
    name: id,
    reasoning: false,
    input: ['text'],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    maxTokens: Math.min(DEFAULT_MAX_TOKENS, contextWindow),
    ...settings,
    contextWindow,
    compat: { ...compat, ...settings.compat },
  }
}

/** The ids that `DYNAMO_MODELS` lists, separated by commas or spaces. */
export function parseModelIds(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((id) => id !== '')
}
