// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { Section, ShapeCase } from './cases.ts'

const extra = { nvext: { extra_fields: ['worker_id', 'timing'] } }

/** What `nvext.extra_fields` asks for. */
export const placement = 'worker_id: {prefill_worker_id#, prefill_dp_rank#, decode_worker_id#, decode_dp_rank#}'
const stages = 'prefill_wait_time_ms#, prefill_time_ms#, ttft_ms#, total_time_ms#'
export const timing = `timing: {request_received_ms#, ${stages}, kv_hit_rate#, router_queue_depth#}`
const placed = `nvext: {${placement}}`
const timed = `nvext: {${placement}, ${timing}}`
const toolCalls = 'tool_calls: [{id, type, function: {name, arguments}}]'
const toolCallDelta = 'content, tool_calls: [{index#, id, type, function: {name, arguments}}]'

/** Bodies of 1.2 to 1.4, which spell out what they do not have. */
const early = (choices: string, ...rest: readonly string[]) =>
  `{${['id', `choices: [${choices}]`, 'created#, model, service_tier: null, system_fingerprint: null, object', ...rest].join(', ')}}`
const earlyMessage = (message: string) =>
  `{index#, message: {${message}, reasoning_content: null}, finish_reason, logprobs: null}`
const earlyUsage = 'usage: {prompt_tokens#, completion_tokens#, total_tokens#}'
const earlyAnswer = early(earlyMessage('content, role'), earlyUsage)
const earlyDelta = '{index#, delta: {content, role}, finish_reason: null, logprobs: null}'
const earlyFinish = '{index#, delta: {role}, finish_reason, logprobs: null}'

/** Bodies since 1.5. */
const late = (choices: string, ...rest: readonly string[]) =>
  `{${['id', `choices: [${choices}]`, 'created#, model, object', ...rest].join(', ')}}`
const lateMessage = (message: string) => `{index#, message: {${message}, role}, finish_reason, logprobs: null}`
const lateUsage = 'usage: {prompt_tokens#, completion_tokens#, total_tokens#, prompt_tokens_details: {cached_tokens#}}'
const lateFirst = '{index#, delta: {content, role}, finish_reason: null, logprobs: null}'
const lateDelta = '{index#, delta: {content}, finish_reason: null, logprobs: null}'
const lateFinish = '{index#, delta: {}, finish_reason, logprobs: null}'

const routed = `nvext: {${placement}, token_ids: [#]}`
const unfinished = (choice: string) => choice.replace('finish_reason', 'finish_reason: null')
const continuous = { stream_options: { include_usage: true, continuous_usage_stats: true } }
/** Token counts in every event. */
const continuousUsage: readonly ShapeCase[] = [
  {
    title: 'first event with `continuous_usage_stats`',
    part: 'first',
    body: continuous,
    expected: since(early(earlyDelta, earlyUsage), { '1.5.1': late(lateFirst, lateUsage) }),
  },
  {
    title: 'finish reason with `continuous_usage_stats`',
    part: 'finish',
    body: continuous,
    expected: since(early(earlyFinish, earlyUsage), { '1.5.1': late(lateFinish, lateUsage) }),
  },
  {
    title: 'a later event with `continuous_usage_stats`, but without `include_usage`',
    part: 'middle',
    body: { stream_options: { include_usage: false, continuous_usage_stats: true } },
    expected: since(early(earlyDelta, 'usage: null'), { '1.5.1': late(lateDelta) }),
  },
]

/** Answers to a chat completion that is not streamed, and the events of one that is. */
export const shapes: Section<ShapeCase> = {
  title: 'Shapes of answers',
  note:
    'Keys in their order: a bare name is a text, `#` marks a number. The model gives tool calls only from 1.3 on, ' +
    'because the mock workers of 1.2 cannot be scripted.',
  cases: [
    {
      title: 'answer',
      part: 'answer',
      expected: since(earlyAnswer, { '1.5.1': late(lateMessage('content, refusal: null'), lateUsage) }),
    },
    {
      title: 'answer with `extra_fields`',
      part: 'answer',
      body: extra,
      expected: since(early(earlyMessage('content, role'), earlyUsage, timed), {
        '1.5.1': late(lateMessage('content, refusal: null'), lateUsage, timed),
      }),
    },
    {
      title: 'answer with two tool calls',
      part: 'answer',
      reply: 'two-calls',
      expected: since('none', {
        '1.3.1': early(earlyMessage(`content: null, ${toolCalls}, role`), earlyUsage),
        '1.5.1': late(lateMessage(`content: null, refusal: null, ${toolCalls}`), lateUsage),
      }),
    },
    {
      title: 'answer with text and a tool call',
      part: 'answer',
      reply: 'one-call',
      expected: since('none', {
        '1.3.1': early(earlyMessage(`content, ${toolCalls}, role`), earlyUsage),
        '1.5.1': late(lateMessage(`content, refusal: null, ${toolCalls}`), lateUsage),
      }),
    },
    {
      title: 'first event',
      part: 'first',
      expected: since(early(earlyDelta, 'usage: null'), { '1.5.1': late(lateFirst) }),
    },
    {
      title: 'a later event',
      part: 'middle',
      expected: since(early(earlyDelta, 'usage: null'), { '1.5.1': late(lateDelta) }),
    },
    {
      title: 'event with the finish reason',
      part: 'finish',
      expected: since(early(earlyFinish, 'usage: null'), { '1.5.1': late(lateFinish) }),
    },
    {
      title: 'event with the usage',
      part: 'usage',
      expected: since(early('', earlyUsage), { '1.5.1': late('', lateUsage) }),
    },
    {
      title: 'first event with `extra_fields`',
      part: 'first',
      body: extra,
      expected: since(early(earlyDelta, 'usage: null', placed), { '1.5.1': late(lateFirst, placed) }),
    },
    {
      title: 'a later event with `extra_fields`',
      part: 'middle',
      body: extra,
      expected: since(early(earlyDelta, 'usage: null', placed), { '1.5.1': late(lateDelta, placed) }),
    },
    {
      title: 'finish reason with `extra_fields`',
      part: 'finish',
      body: extra,
      expected: since(early(earlyFinish, 'usage: null', timed), { '1.5.1': late(lateFinish, timed) }),
    },
    {
      title: 'usage with `extra_fields`',
      part: 'usage',
      body: extra,
      expected: since(early('', earlyUsage), { '1.5.1': late('', lateUsage) }),
    },
    {
      title: 'deltas with two tool calls',
      part: 'tool-deltas',
      reply: 'two-calls',
      expected: since('none', {
        '1.3.1': `[{${toolCallDelta}, role}]`,
        '1.5.1': `[{${toolCallDelta}, role}, {${toolCallDelta}}]`,
      }),
    },
    {
      title: 'finish reason with two tool calls',
      part: 'finish-reason',
      reply: 'two-calls',
      // A scripted answer can end as a model would only from 1.6 on; before, its length ends it.
      expected: since('none', { '1.3.1': 'length', '1.6.1': 'tool_calls' }),
    },
    { title: 'events of a stream', part: 'events', expected: since('deltas, 1 finish, 1 usage, [DONE]') },
    {
      title: 'events of a stream without `include_usage`',
      part: 'events',
      body: { stream_options: null },
      expected: since('deltas, 1 finish, 0 usage, [DONE]'),
    },
    ...continuousUsage,
    {
      title: 'answer with the annotation `query_instance_id:`',
      part: 'answer',
      body: { nvext: { annotations: ['query_instance_id:'] } },
      expected: since(early(unfinished(earlyMessage('content: null, role')), 'usage: null', routed), {
        '1.5.1': late(unfinished(lateMessage('content: null, refusal: null')), routed),
      }),
      ours: {
        answers: {
          'local-frontend 1.2': earlyAnswer,
          'local-frontend 1.3+': late(lateMessage('content, refusal: null'), lateUsage),
        },
        why:
          'Asked where it would send a request, Dynamo answers with the worker and the token ids of the prompt, ' +
          'for which there is no vocabulary here.',
      },
    },
    {
      title: 'headers of an answer',
      part: 'headers',
      expected: since('content-type: application/json; x-request-id: as sent'),
    },
    {
      title: 'headers of a stream',
      part: 'stream-headers',
      expected: since('cache-control: no-cache; content-type: text/event-stream; x-request-id: as sent'),
    },
    {
      title: 'headers of an answer to a request without `x-request-id`',
      part: 'headers-anonymous',
      expected: since('content-type: application/json'),
    },
    {
      title: 'headers of an error',
      part: 'headers-error',
      expected: since('content-type: application/json; x-request-id: as sent'),
    },
  ],
}
