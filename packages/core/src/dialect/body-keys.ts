// SPDX-License-Identifier: Apache-2.0

/**
 * Top-level keys of a chat completion that harnesses send and that some
 * Dynamo answers 400 to, with the first minor release that takes each. Every
 * other key that Pi, the AI SDK and their users send is taken by all of 1.2 to
 * 1.6. Measured on 1.2.1 to 1.6.1 and held to them by the contract suite.
 */
const takenSince: Readonly<Record<string, `1.${number}` | 'never'>> = {
  add_generation_prompt: '1.5',
  agent_hints: 'never',
  allowed_token_ids: '1.3',
  bad_words: 'never',
  bad_words_token_ids: '1.3',
  best_of: 'never',
  cache_control: 'never',
  cache_salt: '1.3',
  chat_template: 'never',
  continue_final_message: '1.5',
  detokenize: '1.3',
  documents: 'never',
  echo: 'never',
  enable_thinking: 'never',
  extra_body: 'never',
  include_reasoning: 'never',
  kv_transfer_params: 'never',
  length_penalty: 'never',
  priority: 'never',
  prompt_cache_key: '1.6',
  prompt_cache_retention: 'never',
  prompt_logprobs: '1.3',
  provider: 'never',
  providerOptions: 'never',
  reasoning: 'never',
  request_id: 'never',
  return_token_ids: 'never',
  safety_identifier: 'never',
  separate_reasoning: 'never',
  session_id: 'never',
  spaces_between_special_tokens: 'never',
  stop_token_ids: '1.3',
  structured_outputs: 'never',
  thinking: '1.3',
  thinking_budget: 'never',
  thinking_budget_tokens: 'never',
  thinking_token_budget: '1.6',
  tool_stream: 'never',
  truncate_prompt_tokens: 'never',
  use_beam_search: 'never',
  verbosity: 'never',
}

/**
 * Whether a release answers 400 to a chat completion for having this key at
 * its top level.
 *
 * @param release Such as `1.6.1`, as `/openapi.json` tells it.
 */
export function refusesBodyKey(key: string, release: string): boolean {
  const since = Object.hasOwn(takenSince, key) ? takenSince[key] : undefined
  if (since === undefined) return false
  return since === 'never' || minorOf(release) < minorOf(since)
}

/**
 * A chat completion without the keys that a release would refuse it for: a
 * request that goes through without a hint is worth more than one that fails
 * with it. Comes back as it is when there is nothing to leave out.
 */
export function withoutRefusedKeys(body: unknown, release: string): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const entries = Object.entries(body)
  const kept = entries.filter(([key]) => !refusesBodyKey(key, release))
  return kept.length === entries.length ? body : Object.fromEntries(kept)
}

function minorOf(release: string): number {
  return Number(release.split('.')[1])
}
