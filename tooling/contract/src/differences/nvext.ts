// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import { notOfType, unknownNvextKey, wrongType } from './errors.ts'
import type { RequestCase, Section } from './cases.ts'

const context = { session_type_id: 'p', session_id: 'p', trajectory_id: 'p' }

const nvext = (title: string, value: unknown, expected: RequestCase['expected']): RequestCase => ({
  title,
  body: { nvext: value },
  expected,
})
const hints = (title: string, value: unknown, expected: RequestCase['expected']): RequestCase =>
  nvext(title, { agent_hints: value }, expected)

/** What 1.2 says to `agent_context`; later releases do not know it. */
const inContext = (title: string, value: unknown, early: string): RequestCase =>
  nvext(title, { agent_context: value }, since(early, { '1.3.1': unknownNvextKey('agent_context', 98) }))

/** `nvext`, the part of the body that is Dynamo's own. */
export const nvextKeys: Section<RequestCase> = {
  title: 'Keys of `nvext`',
  note: 'From 1.3 on an unknown key anywhere in `nvext` is an error.',
  cases: [
    nvext('`nvext` {}', {}, since('200')),
    nvext('`nvext` null', null, since('200')),
    nvext('`nvext` a list', [], since('200')),
    nvext('`nvext` a text', 'x', wrongType('nvext', 'invalid type: string "x", expected struct NvExt', 85)),
    inContext('`agent_context`', context, '200'),
    inContext(
      '`agent_context` without `trajectory_id`',
      { session_type_id: 'p', session_id: 'p' },
      notOfType('nvext.agent_context: missing field `trajectory_id`', 139),
    ),
    inContext(
      '`agent_context` with an empty id',
      { ...context, session_id: '' },
      notOfType('nvext.agent_context.session_id: agent_context required identifiers must be non-empty', 137),
    ),
    inContext(
      '`agent_context` with a blank id',
      { ...context, trajectory_id: ' ' },
      notOfType('nvext.agent_context.trajectory_id: agent_context required identifiers must be non-empty', 159),
    ),
    inContext('`agent_context` with a blank parent', { ...context, parent_trajectory_id: ' ' }, '200'),
    inContext(
      '`agent_context` with a number as id',
      { ...context, session_id: 3 },
      notOfType('nvext.agent_context.session_id: invalid type: integer `3`, expected a string', 136),
    ),
    inContext('`agent_context` with further keys', { ...context, phase: 'x', trajectory_final: true }, '200'),
    inContext('`agent_context` null', null, '200'),
    nvext(
      '`cache_control`',
      { cache_control: { type: 'ephemeral' } },
      since('200', { '1.3.1': unknownNvextKey('cache_control', 98) }),
    ),
    nvext(
      '`session_control`',
      { session_control: { session_id: 'p' } },
      since('200', { '1.3.1': unknownNvextKey('session_control', 100) }),
    ),
    nvext(
      '`session_params`',
      { session_params: { id: 'p' } },
      since('200', { '1.3.1': unknownNvextKey('session_params', 99) }),
    ),
    nvext('any other key', { zzz: 1 }, since('200', { '1.3.1': unknownNvextKey('zzz', 88) })),
    nvext('`extra_fields` with an unknown name', { extra_fields: ['zzz'] }, since('200')),
    nvext(
      '`extra_fields` a text',
      { extra_fields: 'timing' },
      wrongType('nvext.extra_fields', 'invalid type: string "timing", expected a sequence', 106),
    ),
    nvext('`cache_salt`', { cache_salt: 'x' }, since('200')),
    nvext('`request_timestamp_ms`', { request_timestamp_ms: 1.5 }, since('200')),
    nvext('`annotations`', { annotations: ['zzz'] }, since('200')),
    nvext('`max_thinking_tokens`', { max_thinking_tokens: 5 }, since('200')),
    nvext('`routing_constraints` {}', { routing_constraints: {} }, since('200')),
    nvext(
      '`routing_constraints` with an unknown key',
      { routing_constraints: { zzz: 1 } },
      since('200', {
        '1.3.1': notOfType('unknown field `zzz`, expected `required_taints` or `preferred_taints`', 111),
      }),
    ),
    nvext(
      '`metadata_upload` {}',
      { metadata_upload: {} },
      since('200', { '1.3.1': notOfType('missing field `url`', 103) }),
    ),
    inContext(
      '`agent_context` a text',
      'x',
      notOfType('nvext.agent_context: invalid type: string "x", expected struct AgentContext', 102),
    ),
    inContext('`agent_context` a list', ['a', 'b', 'c', 'd'], '200'),
    inContext('`agent_context` with an empty parent', { ...context, parent_trajectory_id: '' }, '200'),
    inContext(
      '`agent_context` with a number as parent',
      { ...context, parent_trajectory_id: 3 },
      notOfType('nvext.agent_context.parent_trajectory_id: invalid type: integer `3`, expected a string', 183),
    ),
    nvext(
      '`backend_instance_id` -1',
      { backend_instance_id: -1 },
      wrongType('nvext.backend_instance_id', 'invalid value: integer `-1`, expected u64', 107),
    ),
    nvext(
      '`token_data` with a text',
      { token_data: ['x'] },
      wrongType('nvext.token_data[0]', 'invalid type: string "x", expected u32', 100),
    ),
    nvext('`router` {}', { router: {} }, since('200')),
    nvext(
      '`router` with an unknown key',
      { router: { zzz: 1 } },
      since('200', {
        '1.3.1': notOfType('unknown field `zzz`, expected `ttft_target` or `itl_target`', 98),
      }),
    ),
  ],
}

export const agentHints: Section<RequestCase> = {
  title: 'Agent hints',
  note: 'In `nvext.agent_hints`, and in headers, whose malformed values are ignored.',
  cases: [
    hints('all four', { priority: 1, osl: 2, strict_priority: 3, speculative_prefill: true }, since('200')),
    hints('none', {}, since('200')),
    hints('null', null, since('200')),
    hints('a list', [], since('200')),
    hints('a text', 'x', wrongType('nvext.agent_hints', 'invalid type: string "x", expected struct AgentHints', 100)),
    hints(
      'an unknown key',
      { zzz: 1 },
      since('200', {
        '1.3.1': notOfType(
          'unknown field `zzz`, expected one of `priority`, `strict_priority`, `osl`, `speculative_prefill`, `latency_sensitivity`',
          103,
        ),
      }),
    ),
    hints('`latency_sensitivity`', { latency_sensitivity: 1 }, since('200')),
    hints('`priority` -3', { priority: -3 }, since('200')),
    hints('`priority` null', { priority: null }, since('200')),
    hints(
      '`priority` 1.5',
      { priority: 1.5 },
      wrongType('nvext.agent_hints.priority', 'invalid type: floating point `1.5`, expected i32', 112),
    ),
    hints(
      '`priority` a text',
      { priority: 'high' },
      wrongType('nvext.agent_hints.priority', 'invalid type: string "high", expected i32', 115),
    ),
    hints(
      '`priority` 2^31',
      { priority: 2 ** 31 },
      wrongType('nvext.agent_hints.priority', 'invalid value: integer `2147483648`, expected i32', 119),
    ),
    hints(
      '`osl` -4',
      { osl: -4 },
      wrongType('nvext.agent_hints.osl', 'invalid value: integer `-4`, expected u32', 106),
    ),
    hints(
      '`osl` 1.5',
      { osl: 1.5 },
      wrongType('nvext.agent_hints.osl', 'invalid type: floating point `1.5`, expected u32', 107),
    ),
    hints(
      '`strict_priority` -1',
      { strict_priority: -1 },
      since('200', {
        '1.3.1': notOfType('invalid value: integer `-1`, expected u32', 118),
      }),
    ),
    hints(
      '`strict_priority` 1.5',
      { strict_priority: 1.5 },
      since('200', {
        '1.3.1': notOfType('invalid type: floating point `1.5`, expected u32', 119),
      }),
    ),
    hints(
      '`speculative_prefill` a text',
      { speculative_prefill: 'yes' },
      wrongType('nvext.agent_hints.speculative_prefill', 'invalid type: string "yes", expected a boolean', 125),
    ),
    {
      title: 'header `x-dynamo-request-priority: 7`',
      headers: { 'x-dynamo-request-priority': '7' },
      expected: since('200'),
    },
    {
      title: 'header `x-dynamo-request-priority: high`',
      headers: { 'x-dynamo-request-priority': 'high' },
      expected: since('200'),
    },
    {
      title: 'header `x-dynamo-request-strict-priority: -1`',
      headers: { 'x-dynamo-request-strict-priority': '-1' },
      expected: since('200'),
    },
  ],
}
