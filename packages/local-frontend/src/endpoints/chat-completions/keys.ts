// SPDX-License-Identifier: Apache-2.0
import { createKnownKeys, samplingKeys } from '../../request/known-keys.ts'

/** Every top-level key of a chat completion; any other is an error (measured on 1.2.1 to 1.6.1). */
export const chatKeys = createKnownKeys(
  {
    'in-passing': [
      ...samplingKeys.always['in-passing'],
      ...['chat_template_args', 'chat_template_kwargs', 'media_io_kwargs'],
    ],
    'at-the-end': [
      ...samplingKeys.always['at-the-end'],
      ...['messages', 'metadata', 'store', 'reasoning_effort', 'top_logprobs', 'max_completion_tokens', 'modalities'],
      ...['prediction', 'audio', 'response_format', 'service_tier', 'tools', 'tool_choice', 'parallel_tool_calls'],
      ...['web_search_options', 'function_call', 'functions', 'mm_processor_kwargs'],
    ],
  },
  {
    'in-passing': ['thinking', 'thinking_token_budget'],
    'at-the-end': [...samplingKeys.since['at-the-end'], 'prompt_cache_key'],
    loosely: samplingKeys.since.loosely,
  },
)
