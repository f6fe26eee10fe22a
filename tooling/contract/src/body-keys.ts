// SPDX-License-Identifier: Apache-2.0
import { since, type ByRelease } from './by-release.ts'

/** Who puts a key into a body: Pi 0.87, `@ai-sdk/openai-compatible` 2, or a user through either's pass-through options. */
export type Sender = 'pi' | 'ai-sdk' | 'user'

/** One top-level key of a chat completion. */
export interface BodyKey {
  /** A value that releases that know the key accept. */
  readonly sample: unknown
  /** What the body must hold besides. */
  readonly beside?: Readonly<Record<string, unknown>>
  readonly sentBy: readonly Sender[]
  /** Where it is not, the answer is 400 and nothing is generated. */
  readonly accepted: ByRelease<boolean>
}

const tool = {
  type: 'function',
  function: { name: 'read', description: 'd', parameters: { type: 'object', properties: {} } },
}
const tools = [tool]
const always = since(true)
const never = since(false)

/** Every top-level key that Pi and the AI SDK can send, and more that users pass through them. */
export const bodyKeys = {
  stream: { sample: true, sentBy: ['pi', 'ai-sdk'], accepted: always },
  stream_options: {
    sample: { include_usage: true },
    beside: { stream: true },
    sentBy: ['pi', 'ai-sdk'],
    accepted: always,
  },
  store: { sample: false, sentBy: ['pi'], accepted: always },
  max_tokens: { sample: 2, sentBy: ['pi', 'ai-sdk'], accepted: always },
  max_completion_tokens: { sample: 2, sentBy: ['pi'], accepted: always },
  temperature: { sample: 0.5, sentBy: ['pi', 'ai-sdk'], accepted: always },
  tools: { sample: tools, sentBy: ['pi', 'ai-sdk'], accepted: always },
  tool_choice: { sample: 'auto', beside: { tools }, sentBy: ['pi', 'ai-sdk'], accepted: always },
  parallel_tool_calls: { sample: true, beside: { tools }, sentBy: ['user'], accepted: always },
  reasoning_effort: { sample: 'low', sentBy: ['pi', 'ai-sdk'], accepted: always },
  prompt_cache_key: { sample: 'k', sentBy: ['pi'], accepted: since(false, { '1.6.1': true }) },
  prompt_cache_retention: { sample: '24h', sentBy: ['pi'], accepted: never },
  chat_template_kwargs: { sample: { enable_thinking: false }, sentBy: ['pi'], accepted: always },
  chat_template_args: { sample: { enable_thinking: false }, sentBy: ['pi'], accepted: always },
  thinking: { sample: { type: 'enabled' }, sentBy: ['pi'], accepted: since(false, { '1.3.1': true }) },
  enable_thinking: { sample: true, sentBy: ['pi'], accepted: never },
  reasoning: { sample: { effort: 'low' }, sentBy: ['pi'], accepted: never },
  thinking_token_budget: { sample: 100, sentBy: ['pi'], accepted: since(false, { '1.6.1': true }) },
  thinking_budget: { sample: 100, sentBy: ['pi'], accepted: never },
  thinking_budget_tokens: { sample: 100, sentBy: ['pi'], accepted: never },
  priority: { sample: 1, sentBy: ['pi'], accepted: never },
  tool_stream: { sample: true, sentBy: ['pi'], accepted: never },
  provider: { sample: { order: ['x'] }, sentBy: ['pi'], accepted: never },
  providerOptions: { sample: { gateway: {} }, sentBy: ['pi'], accepted: never },
  top_p: { sample: 0.9, sentBy: ['ai-sdk'], accepted: always },
  frequency_penalty: { sample: 0.1, sentBy: ['ai-sdk'], accepted: always },
  presence_penalty: { sample: 0.1, sentBy: ['ai-sdk'], accepted: always },
  response_format: { sample: { type: 'json_object' }, sentBy: ['ai-sdk'], accepted: always },
  stop: { sample: ['x'], sentBy: ['ai-sdk'], accepted: always },
  seed: { sample: 1, sentBy: ['ai-sdk'], accepted: always },
  user: { sample: 'u', sentBy: ['ai-sdk'], accepted: always },
  verbosity: { sample: 'low', sentBy: ['ai-sdk'], accepted: never },
  metadata: { sample: { a: 'b' }, sentBy: ['user'], accepted: always },
  service_tier: { sample: 'auto', sentBy: ['user'], accepted: always },
  top_k: { sample: 5, sentBy: ['user'], accepted: always },
  min_p: { sample: 0.1, sentBy: ['user'], accepted: always },
  repetition_penalty: { sample: 1.1, sentBy: ['user'], accepted: always },
  logit_bias: { sample: { 5: 1 }, sentBy: ['user'], accepted: always },
  logprobs: { sample: true, sentBy: ['user'], accepted: always },
  top_logprobs: { sample: 1, beside: { logprobs: true }, sentBy: ['user'], accepted: always },
  n: { sample: 1, sentBy: ['user'], accepted: always },
  modalities: { sample: ['text'], sentBy: ['user'], accepted: always },
  prediction: { sample: { type: 'content', content: 'x' }, sentBy: ['user'], accepted: always },
  audio: { sample: { voice: 'alloy', format: 'mp3' }, sentBy: ['user'], accepted: always },
  web_search_options: { sample: {}, sentBy: ['user'], accepted: always },
  safety_identifier: { sample: 's', sentBy: ['user'], accepted: never },
  nvext: { sample: {}, sentBy: ['user'], accepted: always },
  ignore_eos: { sample: true, sentBy: ['user'], accepted: always },
  min_tokens: { sample: 1, sentBy: ['user'], accepted: always },
  include_stop_str_in_output: { sample: true, sentBy: ['user'], accepted: always },
  skip_special_tokens: { sample: true, sentBy: ['user'], accepted: always },
  guided_json: { sample: { type: 'object' }, sentBy: ['user'], accepted: always },
  guided_regex: { sample: 'a', sentBy: ['user'], accepted: always },
  guided_grammar: { sample: 'a', sentBy: ['user'], accepted: always },
  guided_choice: { sample: ['a'], sentBy: ['user'], accepted: always },
  guided_decoding_backend: { sample: 'x', sentBy: ['user'], accepted: always },
  guided_whitespace_pattern: { sample: 'x', sentBy: ['user'], accepted: always },
  mm_processor_kwargs: { sample: {}, sentBy: ['user'], accepted: always },
  media_io_kwargs: { sample: {}, sentBy: ['user'], accepted: always },
  return_tokens_as_token_ids: { sample: true, sentBy: ['user'], accepted: always },
  cache_salt: { sample: 'x', sentBy: ['user'], accepted: since(false, { '1.3.1': true }) },
  stop_token_ids: { sample: [5], sentBy: ['user'], accepted: since(false, { '1.3.1': true }) },
  detokenize: { sample: true, sentBy: ['user'], accepted: since(false, { '1.3.1': true }) },
  allowed_token_ids: { sample: [5], sentBy: ['user'], accepted: since(false, { '1.3.1': true }) },
  bad_words_token_ids: { sample: [[5]], sentBy: ['user'], accepted: since(false, { '1.3.1': true }) },
  add_generation_prompt: { sample: true, sentBy: ['user'], accepted: since(false, { '1.5.1': true }) },
  continue_final_message: { sample: false, sentBy: ['user'], accepted: since(false, { '1.5.1': true }) },
  prompt_logprobs: { sample: 1, sentBy: ['user'], accepted: since(false, { '1.3.1': true }) },
  bad_words: { sample: ['x'], sentBy: ['user'], accepted: never },
  best_of: { sample: 1, sentBy: ['user'], accepted: never },
  length_penalty: { sample: 1, sentBy: ['user'], accepted: never },
  echo: { sample: false, sentBy: ['user'], accepted: never },
  documents: { sample: [], sentBy: ['user'], accepted: never },
  chat_template: { sample: 'x', sentBy: ['user'], accepted: never },
  structured_outputs: { sample: {}, sentBy: ['user'], accepted: never },
  use_beam_search: { sample: false, sentBy: ['user'], accepted: never },
  truncate_prompt_tokens: { sample: 5, sentBy: ['user'], accepted: never },
  spaces_between_special_tokens: { sample: true, sentBy: ['user'], accepted: never },
  return_token_ids: { sample: true, sentBy: ['user'], accepted: never },
  include_reasoning: { sample: true, sentBy: ['user'], accepted: never },
  separate_reasoning: { sample: true, sentBy: ['user'], accepted: never },
  kv_transfer_params: { sample: {}, sentBy: ['user'], accepted: never },
  request_id: { sample: 'x', sentBy: ['user'], accepted: never },
  session_id: { sample: 'x', sentBy: ['user'], accepted: never },
  cache_control: { sample: {}, sentBy: ['user'], accepted: never },
  agent_hints: { sample: {}, sentBy: ['user'], accepted: never },
  extra_body: { sample: {}, sentBy: ['user'], accepted: never },
} as const satisfies Readonly<Record<string, BodyKey>>
