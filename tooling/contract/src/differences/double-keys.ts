// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { ModelPath, RequestCase, Section } from './cases.ts'
import { notJson, notOfType, unknownNvextKey, unsupported, wrongType } from './errors.ts'

const at =
  (path: ModelPath) =>
  (title: string, body: string, expected: RequestCase['expected']): RequestCase => ({ title, path, body, expected })
const chatBody = at('/v1/chat/completions')
const completionBody = at('/v1/completions')
const responseBody = at('/v1/responses')

/** A chat completion that ends like this. */
const chat = (end: string) => `{"model":"tiny","messages":[{"role":"user","content":"x"}],"max_tokens":2${end}}`

/** What JSON allows and Dynamo does not. */
export const doubleKeys: Section<RequestCase> = {
  title: 'Keys that stand twice',
  note:
    'In one object. Where Dynamo reads a map, as in `metadata`, the last one counts. Two rows are about how deep a ' +
    'body may go.',
  cases: [
    chatBody('`model`', chat(',"model":"tiny"'), since(notOfType('duplicate field `model`', 89))),
    chatBody('`messages`', chat(',"messages":[]'), since(notOfType('duplicate field `messages`', 88))),
    chatBody('`max_tokens`', chat(',"max_tokens":2'), since(notOfType('duplicate field `max_tokens`', 89))),
    chatBody(
      '`temperature`',
      chat(',"temperature":1,"temperature":1'),
      since(notOfType('duplicate field `temperature`', 106)),
    ),
    chatBody('`tools`', chat(',"tools":[],"tools":[]'), since(notOfType('duplicate field `tools`', 96))),
    chatBody('`metadata`', chat(',"metadata":{},"metadata":{}'), since(notOfType('duplicate field `metadata`', 102))),
    chatBody('`top_k`', chat(',"top_k":3,"top_k":3'), since(notOfType('duplicate field `top_k`', 94))),
    chatBody(
      '`guided_regex`',
      chat(',"guided_regex":"a","guided_regex":"a"'),
      since(notOfType('duplicate field `guided_regex`', 112)),
    ),
    chatBody('`nvext`', chat(',"nvext":{},"nvext":{}'), since(notOfType('duplicate field `nvext`', 92))),
    chatBody(
      '`chat_template_args`',
      chat(',"chat_template_args":{},"chat_template_args":{}'),
      since(notOfType('duplicate field `chat_template_args`', 118)),
    ),
    chatBody(
      '`chat_template_kwargs`',
      chat(',"chat_template_kwargs":{},"chat_template_kwargs":{}'),
      since(notOfType('duplicate field `chat_template_args`', 122)),
    ),
    chatBody(
      '`chat_template_args` and `chat_template_kwargs`',
      chat(',"chat_template_args":{},"chat_template_kwargs":{}'),
      since(notOfType('duplicate field `chat_template_args`', 120)),
    ),
    chatBody(
      '`media_io_kwargs`',
      chat(',"media_io_kwargs":{},"media_io_kwargs":{}'),
      since(notOfType('duplicate field `media_io_kwargs`', 112)),
    ),
    chatBody(
      '`return_tokens_as_token_ids`',
      chat(',"return_tokens_as_token_ids":true,"return_tokens_as_token_ids":true'),
      since(notOfType('duplicate field `return_tokens_as_token_ids`', 136)),
    ),
    chatBody(
      '`thinking`',
      chat(',"thinking":true,"thinking":true'),
      since(unsupported('thinking'), { '1.3.1': notOfType('duplicate field `thinking`', 100) }),
    ),
    chatBody(
      '`thinking_token_budget`',
      chat(',"thinking_token_budget":5,"thinking_token_budget":5'),
      since(unsupported('thinking_token_budget'), {
        '1.6.1': notOfType('duplicate field `thinking_token_budget`', 123),
      }),
    ),
    chatBody(
      '`prompt_cache_key`',
      chat(',"prompt_cache_key":"k","prompt_cache_key":"k"'),
      since(unsupported('prompt_cache_key'), { '1.6.1': notOfType('duplicate field `prompt_cache_key`', 120) }),
    ),
    chatBody(
      '`add_generation_prompt`',
      chat(',"add_generation_prompt":true,"add_generation_prompt":true'),
      since(unsupported('add_generation_prompt'), {
        '1.5.1': notOfType('duplicate field `add_generation_prompt`', 132),
      }),
    ),
    chatBody(
      '`prompt_logprobs`',
      chat(',"prompt_logprobs":1,"prompt_logprobs":1'),
      since(unsupported('prompt_logprobs'), { '1.3.1': notOfType('duplicate field `prompt_logprobs`', 114) }),
    ),
    chatBody(
      '`cache_salt`',
      chat(',"cache_salt":"x","cache_salt":"x"'),
      since(unsupported('cache_salt'), { '1.3.1': '200' }),
    ),
    chatBody(
      '`stop_token_ids`',
      chat(',"stop_token_ids":[1],"stop_token_ids":[1]'),
      since(unsupported('stop_token_ids'), { '1.3.1': '200' }),
    ),
    chatBody(
      '`detokenize`',
      chat(',"detokenize":true,"detokenize":true'),
      since(unsupported('detokenize'), { '1.3.1': '200' }),
    ),
    chatBody('an unknown key', chat(',"zzz":1,"zzz":2'), since(unsupported('zzz'))),
    chatBody(
      'a key of `nvext`',
      chat(',"nvext":{"agent_hints":{},"agent_hints":{}}'),
      wrongType('nvext', 'duplicate field `agent_hints`', 113),
    ),
    chatBody(
      'an unknown key of `nvext`',
      chat(',"nvext":{"zzz":1,"zzz":2}'),
      since('200', { '1.3.1': unknownNvextKey('zzz', 88) }),
    ),
    chatBody(
      'a hint',
      chat(',"nvext":{"agent_hints":{"priority":1,"priority":2}}'),
      wrongType('nvext.agent_hints', 'duplicate field `priority`', 121),
    ),
    chatBody(
      'an id of `agent_context`',
      chat(',"nvext":{"agent_context":{"session_id":"a","session_id":"b","trajectory_id":"x","session_type_id":"t"}}'),
      since(notOfType('nvext.agent_context: duplicate field `session_id`', 129), {
        '1.3.1': unknownNvextKey('agent_context', 98),
      }),
    ),
    chatBody(
      'a key of a message',
      '{"model":"tiny","messages":[{"role":"user","role":"user","content":"x"}],"max_tokens":2}',
      since(notOfType('duplicate field `role`', 88)),
    ),
    chatBody(
      'an unknown key of a message',
      '{"model":"tiny","messages":[{"role":"user","content":"x","zzz":1,"zzz":2}],"max_tokens":2}',
      since('200'),
    ),
    chatBody(
      'a key of a tool call',
      '{"model":"tiny","messages":[{"role":"assistant","tool_calls":[' +
        '{"id":"a","id":"b","type":"function","function":{"name":"x","arguments":"{}"}}]}],"max_tokens":2}',
      since(notOfType('duplicate field `id`', 159)),
    ),
    chatBody(
      'a key of a tool',
      chat(',"tools":[{"type":"function","type":"function","function":{"name":"a"}}]'),
      since(notOfType('duplicate field `type`', 146)),
    ),
    chatBody(
      'a key of a function',
      chat(',"tools":[{"type":"function","function":{"name":"a","name":"b"}}]'),
      since(notOfType('duplicate field `name`', 139)),
    ),
    chatBody(
      'a key of a schema',
      chat(',"tools":[{"type":"function","function":{"name":"a","parameters":{"type":"object","type":"object"}}}]'),
      since('200'),
    ),
    chatBody(
      'a key of `stream_options`',
      chat(',"stream":true,"stream_options":{"include_usage":true,"include_usage":true}'),
      since(notOfType('duplicate field `include_usage`', 149)),
    ),
    chatBody(
      '`continuous_usage_stats` of `stream_options`',
      chat(',"stream":true,"stream_options":{"continuous_usage_stats":true,"continuous_usage_stats":true}'),
      since(notOfType('duplicate field `continuous_usage_stats`', 167)),
    ),
    chatBody('a key of `metadata`', chat(',"metadata":{"a":"b","a":"c"}'), since('200')),
    chatBody('a key of `chat_template_args`', chat(',"chat_template_args":{"a":"b","a":"c"}'), since('200')),
    chatBody(
      '`model`, and no messages',
      '{"model":"tiny","model":"tiny"}',
      since(notOfType('duplicate field `model`', 31)),
    ),
    chatBody(
      '`model`, and a wrong type after it',
      '{"model":"tiny","model":"tiny","messages":[{"role":"user","content":"x"}],"max_tokens":2,"temperature":"x"}',
      since(notOfType('duplicate field `model`', 107)),
    ),
    chatBody(
      '`model`, and `nvext` 3',
      '{"model":"tiny","model":"tiny","messages":[{"role":"user","content":"x"}],"max_tokens":2,"nvext":3}',
      wrongType('nvext', 'invalid type: integer `3`, expected struct NvExt', 98),
    ),
    chatBody(
      '`model`, in escaped letters',
      chat(',"mod\\u0065l":"tiny"'),
      since(notOfType('duplicate field `model`', 94)),
    ),
    chatBody('a value that looks like one', chat(',"user":"\\"model\\":\\"tiny\\""'), since('200')),
    chatBody('126 lists inside each other', chat(`,"metadata":${'['.repeat(126)}${']'.repeat(126)}`), since('200')),
    chatBody(
      '127 lists inside each other',
      chat(`,"metadata":${'['.repeat(127)}${']'.repeat(127)}`),
      since(notJson(`metadata${'[0]'.repeat(126)}: recursion limit exceeded`, 212), {
        '1.3.1': notOfType('recursion limit exceeded', 212),
      }),
    ),
    completionBody(
      '`prompt` of a completion',
      '{"model":"tiny","prompt":"x","prompt":"x","max_tokens":2}',
      since(notOfType('duplicate field `prompt`', 57)),
    ),
    completionBody(
      '`metadata` of a completion',
      '{"model":"tiny","prompt":"x","max_tokens":2,"metadata":{},"metadata":{}}',
      since(notOfType('duplicate field `metadata`', 68)),
    ),
    completionBody(
      'an unknown key of a completion',
      '{"model":"tiny","prompt":"x","max_tokens":2,"zzz":1,"zzz":2}',
      since(unsupported('zzz')),
    ),
    responseBody(
      '`input` of a response',
      '{"model":"tiny","input":"x","input":"x","max_output_tokens":2}',
      since(notOfType('duplicate field `input`', 62)),
    ),
    responseBody(
      '`nvext` of a response',
      '{"model":"tiny","input":"x","max_output_tokens":2,"nvext":{},"nvext":{}}',
      since(notOfType('duplicate field `nvext`', 68)),
    ),
    responseBody(
      'a hint of a response',
      '{"model":"tiny","input":"x","max_output_tokens":2,"nvext":{"agent_hints":{"osl":1,"osl":2}}}',
      since(notOfType('nvext.agent_hints: duplicate field `osl`', 87), {
        '1.5.1': notOfType('duplicate field `osl`', 87),
      }),
    ),
    responseBody(
      '`chat_template_kwargs` of a response',
      '{"model":"tiny","input":"x","max_output_tokens":2,"chat_template_kwargs":{},"chat_template_kwargs":{}}',
      since('200', { '1.5.1': notOfType('duplicate field `chat_template_args`', 98) }),
    ),
    responseBody(
      'an unknown key of a response',
      '{"model":"tiny","input":"x","max_output_tokens":2,"zzz":1,"zzz":2}',
      since('200'),
    ),
    responseBody(
      'a key of `reasoning`',
      '{"model":"tiny","input":"x","max_output_tokens":2,"reasoning":{"effort":"low","effort":"low"}}',
      since(notOfType('duplicate field `effort`', 94)),
    ),
    responseBody(
      'a key of a tool of a response',
      '{"model":"tiny","input":"x","max_output_tokens":2,"tools":[{"type":"function","name":"a","name":"b"}]}',
      since(notOfType('duplicate field `name`', 102)),
    ),
  ],
}
