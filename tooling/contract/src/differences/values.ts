// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import { invalid, notOfType, tooManyStops, unsupported, wrongType } from './errors.ts'
import type { RequestCase, Section } from './cases.ts'
import { requestCases } from './request-cases.ts'

const tool = {
  type: 'function',
  function: { name: 'read', description: 'd', parameters: { type: 'object', properties: {} } },
}

const { body, value } = requestCases('/v1/chat/completions')
const choice = (title: string, given: unknown, expected: RequestCase['expected']): RequestCase =>
  body(title, { tools: [tool], tool_choice: given }, expected)

const texts = (count: number) => Array<string>(count).fill('x')
const stops: readonly RequestCase[] = [
  { title: '`stop` an empty text', body: { stop: '' }, expected: since(invalid('Stop sequence cannot be empty')) },
  value('stop', ['a', ''], since(invalid('Stop sequence at index 1 cannot be empty'))),
  { title: '`stop` with four texts', body: { stop: texts(4) }, expected: since('200') },
  {
    title: '`stop` with 32 texts',
    body: { stop: texts(32) },
    expected: since('500 Failed to generate completions: stop conditions must be less than 4', {
      '1.3.1': '500 Failed to generate completions',
      '1.6.1': '200',
    }),
  },
  { title: '`stop` with 33 texts', body: { stop: texts(33) }, expected: tooManyStops(33) },
  { title: '`stop` with 40 texts and an empty one', body: { stop: ['', ...texts(40)] }, expected: tooManyStops(41) },
  {
    title: '`stop` with 40 texts of an unknown model',
    body: { stop: texts(40), model: 'nope' },
    expected: tooManyStops(40),
  },
  {
    title: '`stop` with 40 texts and `temperature` 9',
    body: { stop: texts(40), temperature: 9 },
    expected: tooManyStops(40),
  },
]

/** `stream_options` of a stream. */
const options = (title: string, given: unknown, expected: RequestCase['expected']): RequestCase => ({
  title: `\`stream_options\` ${title}`,
  body: { stream: true, stream_options: given },
  expected,
})

/** Values of keys of the body that every release, or some, know. */
export const values: Section<RequestCase> = {
  title: 'Values of the body’s keys',
  note: 'Of keys that a release knows. Those it does not know stand under “Keys of the body”.',
  cases: [
    value('reasoning_effort', 'none', since('200')),
    value('reasoning_effort', 'minimal', since('200')),
    value('reasoning_effort', 'low', since('200')),
    value('reasoning_effort', 'medium', since('200')),
    value('reasoning_effort', 'high', since('200')),
    value('reasoning_effort', 'xhigh', since('200')),
    value(
      'reasoning_effort',
      'max',
      since(
        notOfType('unknown variant `max`, expected one of `none`, `minimal`, `low`, `medium`, `high`, `xhigh`', 99),
        {
          '1.3.1': '200',
        },
      ),
    ),
    value(
      'reasoning_effort',
      'off',
      since(
        notOfType('unknown variant `off`, expected one of `none`, `minimal`, `low`, `medium`, `high`, `xhigh`', 99),
        {
          '1.3.1': notOfType(
            'unknown variant `off`, expected one of `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`',
            99,
          ),
        },
      ),
    ),
    value('reasoning_effort', null, since('200')),
    value('thinking', { type: 'enabled' }, since(unsupported('thinking'), { '1.3.1': '200' })),
    value('thinking', { type: 'disabled' }, since(unsupported('thinking'), { '1.3.1': '200' })),
    value('thinking', { type: 'adaptive' }, since(unsupported('thinking'), { '1.3.1': '200' })),
    value('thinking', { type: 'enabled', clear_thinking: false }, since(unsupported('thinking'), { '1.3.1': '200' })),
    value('thinking', { type: 'enabled', budget_tokens: 100 }, since(unsupported('thinking'), { '1.3.1': '200' })),
    value(
      'thinking',
      { type: 'zzz' },
      since(unsupported('thinking'), {
        '1.3.1': invalid('`thinking.type` must be `enabled`, `disabled`, or `adaptive`'),
      }),
    ),
    value(
      'thinking',
      {},
      since(unsupported('thinking'), {
        '1.3.1': invalid('`thinking.type` must be `enabled`, `disabled`, or `adaptive`'),
      }),
    ),
    value('thinking', true, since(unsupported('thinking'), { '1.3.1': '200' })),
    value(
      'thinking',
      'high',
      since(unsupported('thinking'), {
        '1.3.1': invalid(
          '`thinking` must be a boolean or an object with `type` set to `enabled`, `disabled`, or `adaptive`',
        ),
      }),
    ),
    value('thinking', null, since(unsupported('thinking'), { '1.3.1': '200' })),
    value(
      'thinking_token_budget',
      -1,
      since(unsupported('thinking_token_budget'), {
        '1.6.1': notOfType('invalid value: integer `-1`, expected u32', 100),
      }),
    ),
    value(
      'chat_template_kwargs',
      'x',
      wrongType('chat_template_kwargs', 'invalid type: string "x", expected a map', 100),
    ),
    value(
      'prompt_cache_key',
      3,
      since(unsupported('prompt_cache_key'), {
        '1.6.1': notOfType('invalid type: integer `3`, expected a string', 95),
      }),
    ),
    value('service_tier', 'auto', since('200')),
    value('service_tier', 'priority', since('200')),
    value(
      'service_tier',
      'fast',
      since(notOfType('unknown variant `fast`, expected one of `auto`, `default`, `flex`, `scale`, `priority`', 96), {
        '1.6.1': '200',
      }),
    ),
    value(
      'service_tier',
      'zzz',
      since(notOfType('unknown variant `zzz`, expected one of `auto`, `default`, `flex`, `scale`, `priority`', 95), {
        '1.6.1': notOfType(
          'unknown variant `zzz`, expected one of `auto`, `default`, `flex`, `scale`, `priority`, `fast`',
          95,
        ),
      }),
    ),
    choice('`tool_choice` none', 'none', since('200')),
    choice('`tool_choice` required', 'required', since('200')),
    choice('`tool_choice` the tool', { type: 'function', function: { name: 'read' } }, since('200')),
    choice(
      '`tool_choice` a tool that is not there',
      { type: 'function', function: { name: 'zzz' } },
      since('200', {
        '1.3.1': invalid('tool named "zzz" in tool_choice is not present in tools'),
      }),
    ),
    choice(
      '`tool_choice` zzz',
      'zzz',
      since(notOfType('data did not match any variant of untagged enum ChatCompletionToolChoiceOption', 216)),
    ),
    {
      title: '`tool_choice` required without tools',
      body: { tool_choice: 'required' },
      expected: since('200', {
        '1.3.1': invalid('tool_choice is "required" but tools is empty'),
      }),
    },
    {
      title: '`tool_choice` a tool, without tools',
      body: { tool_choice: { type: 'function', function: { name: 'read' } } },
      expected: since('200', {
        '1.3.1': invalid('tool named "read" in tool_choice is not present in tools'),
      }),
    },
    { title: '`parallel_tool_calls` without tools', body: { parallel_tool_calls: true }, expected: since('200') },
    value('response_format', { type: 'text' }, since('200')),
    value('response_format', { type: 'json_object' }, since('200')),
    value(
      'response_format',
      { type: 'json_schema', json_schema: { name: 'r', schema: { type: 'object' }, strict: true } },
      since('200'),
    ),
    value(
      'response_format',
      { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
      since(notOfType('missing field `name`', 158)),
    ),
    value(
      'response_format',
      { type: 'zzz' },
      since(notOfType('unknown variant `zzz`, expected one of `text`, `json_object`, `json_schema`', 107)),
    ),
    value(
      'function_call',
      'auto',
      since('501 Validation: `function_call` is deprecated. Please migrate to use `tool_choice` instead.'),
    ),
    value(
      'functions',
      [{ name: 'f', parameters: { type: 'object' } }],
      since('501 Validation: `functions` is deprecated. Please migrate to use `tools` instead.'),
    ),
    {
      title: '`max_tokens` 1048577 of an unknown model',
      body: { model: 'nope', max_tokens: 1_048_577 },
      expected: since('404 Model not found', {
        '1.4.2': invalid('Max tokens must not exceed 1048576, got 1048577'),
      }),
    },
    value('max_tokens', 2.5, since(notOfType('invalid type: floating point `2.5`, expected u32', 76))),
    value('max_tokens', '2', since(notOfType('invalid type: string "2", expected u32', 76))),
    value(
      'top_k',
      0,
      since(invalid('Top_k must be null, -1, or greater than or equal to 1'), {
        '1.4.2': '200',
      }),
    ),
    value('top_k', -1, since('200')),
    value(
      'top_k',
      -2,
      since(invalid('Top_k must be null, -1, or greater than or equal to 1'), {
        '1.4.2': invalid('Top_k must be null or greater than or equal to -1'),
      }),
    ),
    value('min_p', 2, since(invalid('Min_p must be between 0 and 1, got 2'))),
    value('repetition_penalty', 0, since(invalid('Repetition penalty must be between 0 and 2, got 0'))),
    value('repetition_penalty', 3, since(invalid('Repetition penalty must be between 0 and 2, got 3'))),
    value('top_logprobs', 1, since('200')),
    {
      title: '`top_logprobs` 21',
      body: { logprobs: true, top_logprobs: 21 },
      expected: since(invalid('Top_logprobs must be between 0 and 20, got 21')),
    },
    value('logprobs', 5, since(notOfType('invalid type: integer `5`, expected a boolean', 87))),
    value('seed', -1, since('200')),
    value('seed', 1.5, since(notOfType('invalid type: floating point `1.5`, expected i64', 85))),
    value('store', 'yes', since(notOfType('invalid type: string "yes", expected a boolean', 88))),
    value('user', 3, since(notOfType('invalid type: integer `3`, expected a string', 83))),
    value('metadata', { a: 1 }, since('200')),
    value('metadata', 'x', since('200')),
    value('stop', 'x', since('200')),
    value('stop', [], since(invalid('Stop sequences array cannot be empty'))),
    ...stops,
    value('stop', 3, since(notOfType('data did not match any variant of untagged enum Stop', 83))),
    value('tools', 'x', since(notOfType('invalid type: string "x", expected a sequence', 86))),
    value('tools', [{ type: 'function' }], since(notOfType('missing field `function`', 104))),
    value('tools', [{ type: 'zzz' }], since(notOfType('unknown variant `zzz`, expected `function`', 99))),
    value('logit_bias', { 5: 200 }, since(invalid("Logit bias for token '5' must be between -100 and 100, got 200"))),
    value('min_tokens', 5, since('200')),
    value('ignore_eos', 'yes', since(notOfType('invalid type: string "yes", expected a boolean', 93))),
    {
      title: '`stream_options` {}',
      body: { stream: true, stream_options: {} },
      expected: since(notOfType('missing field `include_usage`', 108), { '1.6.1': '200' }),
    },
    {
      title: '`stream_options` with an unknown key',
      body: { stream: true, stream_options: { include_usage: true, zzz: 1 } },
      expected: since('200'),
    },
    {
      title: '`stream_options` a text',
      body: { stream: true, stream_options: 'x' },
      expected: since(notOfType('invalid type: string "x", expected struct ChatCompletionStreamOptions', 109)),
    },
    options(
      '`include_usage` a text',
      { include_usage: 'x' },
      since(notOfType('invalid type: string "x", expected a boolean', 127)),
    ),
    options(
      '`include_usage` null',
      { include_usage: null },
      since(notOfType('invalid type: null, expected a boolean', 128), { '1.6.1': '200' }),
    ),
    options(
      '`continuous_usage_stats` a text',
      { include_usage: true, continuous_usage_stats: 'x' },
      since(notOfType('invalid type: string "x", expected a boolean', 157)),
    ),
    options(
      '`continuous_usage_stats` null',
      { include_usage: true, continuous_usage_stats: null },
      since(notOfType('invalid type: null, expected a boolean', 158), { '1.6.1': '200' }),
    ),
    options(
      '`continuous_usage_stats` alone',
      { continuous_usage_stats: true },
      since(notOfType('missing field `include_usage`', 137), { '1.6.1': '200' }),
    ),
    value('n', 300, since(notOfType('invalid value: integer `300`, expected u8', 82))),
    value('n', 'x', since(notOfType('invalid type: string "x", expected u8', 82))),
    value('top_k', 'x', since(notOfType('invalid type: string "x", expected i32', 86))),
    value('top_p', 0, since('200', { '1.5.1': invalid('Top_p must be between 0 and 1, got 0') })),
    value('max_tokens', true, since(notOfType('invalid type: boolean `true`, expected u32', 77))),
    value('seed', 1e30, since(notOfType('invalid type: floating point `1e+30`, expected i64', 87))),
    value('logit_bias', 'x', since(notOfType('invalid type: string "x", expected a map', 91))),
    value('modalities', 'x', since(notOfType('invalid type: string "x", expected a sequence', 91))),
    value('reasoning_effort', 3, since(notOfType('invalid type: integer `3`, expected string or map', 95))),
    value('service_tier', 3, since(notOfType('invalid type: integer `3`, expected string or map', 91))),
    value(
      'response_format',
      'x',
      since(notOfType('invalid type: string "x", expected internally tagged enum ResponseFormat', 96)),
    ),
    value('response_format', {}, since(notOfType('missing field `type`', 95))),
    value(
      'tool_choice',
      3,
      since(notOfType('data did not match any variant of untagged enum ChatCompletionToolChoiceOption', 90)),
    ),
    value('tools', [3], since(notOfType('invalid type: integer `3`, expected struct ChatCompletionTool', 86))),
    value('tools', [{}], since(notOfType('missing field `type`', 87))),
    value('tools', [{ type: 'function', function: {} }], since(notOfType('missing field `name`', 118))),
    value('parallel_tool_calls', 'x', since(notOfType('invalid type: string "x", expected a boolean', 100))),
    value('guided_choice', 'x', since(notOfType('invalid type: string "x", expected a sequence', 94))),
    value('guided_regex', 3, since(notOfType('invalid type: integer `3`, expected a string', 91))),
    value(
      'cache_salt',
      3,
      since(unsupported('cache_salt'), {
        '1.3.1': invalid('`cache_salt` must be a string'),
      }),
    ),
    value(
      'stop_token_ids',
      'x',
      since(unsupported('stop_token_ids'), {
        '1.3.1': invalid('`stop_token_ids` must be an array of token IDs'),
      }),
    ),
    value(
      'prompt_logprobs',
      'x',
      since(unsupported('prompt_logprobs'), {
        '1.3.1': notOfType('invalid type: string "x", expected u32', 96),
      }),
    ),
    value(
      'add_generation_prompt',
      'x',
      since(unsupported('add_generation_prompt'), {
        '1.5.1': notOfType('invalid type: string "x", expected a boolean', 102),
      }),
    ),
    value('chat_template_args', 'x', wrongType('chat_template_args', 'invalid type: string "x", expected a map', 98)),
    {
      title: '`functions` and an unknown key',
      body: { functions: [], zzz: 1 },
      expected: since('501 Validation: `functions` is deprecated. Please migrate to use `tools` instead.'),
    },
    {
      title: '`min_p` and `temperature` out of range',
      body: { min_p: 2, temperature: 9 },
      expected: since(invalid('Temperature must be between 0 and 2, got 9')),
    },
    {
      title: '`max_tokens` 1048577 and `temperature` 9',
      body: { max_tokens: 1_048_577, temperature: 9 },
      expected: since(invalid('Temperature must be between 0 and 2, got 9'), {
        '1.4.2': invalid('Max tokens must not exceed 1048576, got 1048577'),
      }),
    },
    {
      title: '`tools` [] and `temperature` 9',
      body: { tools: [], temperature: 9 },
      expected: since(invalid('Temperature must be between 0 and 2, got 9')),
    },
    {
      title: '`stop` [] and `temperature` 9',
      body: { stop: [], temperature: 9 },
      expected: since(invalid('Stop sequences array cannot be empty')),
    },
  ],
}
