// SPDX-License-Identifier: Apache-2.0

/** Every top-level key of a chat completion that Dynamo takes from 1.2 on; any other is an error (measured on 1.2.1 to 1.6.1). */
const always = [
  // OpenAI's own
  ...['messages', 'model', 'store', 'reasoning_effort', 'metadata', 'frequency_penalty', 'logit_bias', 'logprobs'],
  ...['top_logprobs', 'max_tokens', 'max_completion_tokens', 'n', 'modalities', 'prediction', 'audio'],
  ...['presence_penalty', 'response_format', 'seed', 'service_tier', 'stop', 'stream', 'stream_options', 'temperature'],
  ...['top_p', 'tools', 'tool_choice', 'parallel_tool_calls', 'user', 'web_search_options', 'function_call'],
  ...['functions', 'mm_processor_kwargs'],
  // sampling and guided decoding of the engines
  ...['ignore_eos', 'min_tokens', 'top_k', 'min_p', 'repetition_penalty', 'include_stop_str_in_output'],
  ...['skip_special_tokens', 'guided_json', 'guided_regex', 'guided_grammar', 'guided_choice'],
  ...['guided_decoding_backend', 'guided_whitespace_pattern'],
  // Dynamo's own
  ...['nvext', 'chat_template_args', 'chat_template_kwargs', 'media_io_kwargs', 'return_tokens_as_token_ids'],
]

/** What came between 1.3 and 1.6. */
const later = [
  ...['thinking', 'cache_salt', 'stop_token_ids', 'detokenize', 'allowed_token_ids', 'bad_words_token_ids'],
  ...[
    'prompt_logprobs',
    'add_generation_prompt',
    'continue_final_message',
    'prompt_cache_key',
    'thinking_token_budget',
  ],
]

const known = { early: new Set(always), late: new Set([...always, ...later]) }

/** @param modern Whether the release is 1.3 or later, for which 1.6.1 stands. */
export function isKnownParameter(key: string, modern: boolean): boolean {
  return (modern ? known.late : known.early).has(key)
}
