// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from './completion-request.ts'

/** Every top-level key of a chat completion that Dynamo takes; any other is an error (measured on 1.2.1 to 1.6.1). */
const knownParameters = new Set([
  // OpenAI's own
  'messages', 'model', 'store', 'reasoning_effort', 'metadata', 'frequency_penalty', 'logit_bias', 'logprobs',
  'top_logprobs', 'max_tokens', 'max_completion_tokens', 'n', 'modalities', 'prediction', 'audio', 'presence_penalty',
  'response_format', 'seed', 'service_tier', 'stop', 'stream', 'stream_options', 'temperature', 'top_p', 'tools',
  'tool_choice', 'parallel_tool_calls', 'user', 'web_search_options', 'function_call', 'functions',
  'mm_processor_kwargs',
  // sampling and guided decoding of the engines
  'ignore_eos', 'min_tokens', 'top_k', 'min_p', 'repetition_penalty', 'include_stop_str_in_output',
  'skip_special_tokens', 'guided_json', 'guided_regex', 'guided_grammar', 'guided_choice', 'guided_decoding_backend',
  'guided_whitespace_pattern',
  // Dynamo's own
  'nvext', 'chat_template_args', 'chat_template_kwargs', 'thinking', 'media_io_kwargs', 'return_tokens_as_token_ids',
  'cache_salt', 'stop_token_ids', 'detokenize', 'allowed_token_ids', 'bad_words_token_ids',
])

/** Ranges as Dynamo words them. */
const ranges = [
  { key: 'temperature', name: 'Temperature', least: 0, most: 2 },
  { key: 'top_p', name: 'Top_p', least: 0, most: 1 },
  { key: 'frequency_penalty', name: 'Frequency penalty', least: -2, most: 2 },
  { key: 'presence_penalty', name: 'Presence penalty', least: -2, most: 2 },
  { key: 'n', name: 'n', least: 1, most: 128 },
] as const

/** The first rule for values that a body breaks, as Dynamo words it after "Validation: ". */
export function findParameterProblem(body: JsonBody): string | undefined {
  const unknown = Object.keys(body).filter((key) => !knownParameters.has(key))
  if (unknown.length > 0) return `Unsupported parameter(s): ${unknown.map((key) => `\`${key}\``).join(', ')}`
  if (Array.isArray(body.messages) && body.messages.length === 0) {
    return "The 'messages' field cannot be empty. At least one message is required."
  }
  if (body.stream !== true && (body.stream_options ?? undefined) !== undefined) {
    return "The 'stream_options' field is only allowed when 'stream' is set to true."
  }
  for (const { key, name, least, most } of ranges) {
    const value = body[key]
    if (typeof value === 'number' && (value < least || value > most)) {
      return `${name} must be between ${least} and ${most}, got ${value}`
    }
  }
  if (body.max_tokens === 0) return 'Max tokens must be greater than 0, got 0'
  if (body.max_completion_tokens === 0) return 'Max completion tokens must be greater than 0, got 0'
  return undefined
}
