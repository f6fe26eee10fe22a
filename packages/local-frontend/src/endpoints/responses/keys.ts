// SPDX-License-Identifier: Apache-2.0
import { createKnownKeys } from '../../request/known-keys.ts'

/** The top-level keys of a response's request; any other is ignored (measured on 1.2.1 to 1.6.1). */
export const responseKeys = createKnownKeys(
  {
    'in-passing': ['nvext'],
    'at-the-end': [
      ...['background', 'conversation', 'include', 'input', 'instructions', 'max_output_tokens', 'max_tool_calls'],
      ...['metadata', 'model', 'parallel_tool_calls', 'previous_response_id', 'prompt', 'prompt_cache_key'],
      ...['prompt_cache_retention', 'reasoning', 'safety_identifier', 'service_tier', 'store', 'stream'],
      ...['stream_options', 'temperature', 'text', 'tool_choice', 'tools', 'top_logprobs', 'top_p', 'truncation'],
    ],
  },
  { 'in-passing': ['chat_template_args', 'chat_template_kwargs'], 'at-the-end': ['max_tokens'] },
)
