// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { Section, ShapeCase } from './cases.ts'
import { placement, timing } from './shapes.ts'

const path = '/v1/completions'
const two = { prompt: ['x', 'y'] }
const extra = { nvext: { extra_fields: ['worker_id', 'timing'] } }

const envelope = (choice: string, ...rest: readonly string[]) =>
  `{${['id', `choices: [${choice}]`, 'created#, model, system_fingerprint: null, object', ...rest].join(', ')}}`
const whole = '{text, index#, finish_reason}'
const delta = '{text, index#}'
const none = 'usage: null'
const usage = {
  early: 'usage: {prompt_tokens#, completion_tokens#, total_tokens#}',
  late:
    'usage: {prompt_tokens#, completion_tokens#, total_tokens#, ' +
    'prompt_tokens_details: {audio_tokens: null, cached_tokens#}}',
}
const counted = (choice: string, ...rest: readonly string[]) =>
  since(envelope(choice, usage.early, ...rest), { '1.5.1': envelope(choice, usage.late, ...rest) })

const placed = `nvext: {${placement}}`
const timed = `nvext: {${placement}, ${timing}}`

/** Answers to a completion of text, and the events of one that is streamed. */
export const completionShapes: Section<ShapeCase> = {
  title: 'Shapes of completions of text',
  note: 'Keys as above. Of two prompts, each has its events and its row, and an id with its index.',
  cases: [
    { title: 'completion', path, part: 'answer', expected: counted(whole) },
    { title: 'completion with `extra_fields`', path, part: 'answer', body: extra, expected: counted(whole, timed) },
    { title: 'completion of two prompts', path, part: 'answer', body: two, expected: counted(whole) },
    { title: 'first event of a completion', path, part: 'first', expected: since(envelope(delta, none)) },
    { title: 'a later event of a completion', path, part: 'middle', expected: since(envelope(delta, none)) },
    { title: 'event with its finish reason', path, part: 'finish', expected: since(envelope(whole, none)) },
    { title: 'event with its usage', path, part: 'usage', expected: counted('') },
    {
      title: 'first event of a completion with `extra_fields`',
      path,
      part: 'first',
      body: extra,
      expected: since(envelope(delta, none, placed)),
    },
    {
      title: 'its finish reason with `extra_fields`',
      path,
      part: 'finish',
      body: extra,
      expected: since(envelope(whole, none, timed)),
    },
    { title: 'its usage with `extra_fields`', path, part: 'usage', body: extra, expected: counted('') },
    {
      title: 'events of a completion',
      path,
      part: 'events',
      expected: since('deltas, 1 finish, 1 usage, [DONE]'),
    },
    {
      title: 'events of a completion without `include_usage`',
      path,
      part: 'events',
      body: { stream_options: null },
      expected: since('deltas, 1 finish, 0 usage, [DONE]'),
    },
    {
      title: 'events of a completion of two prompts',
      path,
      part: 'events',
      body: two,
      expected: since('deltas, 2 finish, 2 usage, [DONE]', { '1.4.2': 'deltas, 2 finish, 1 usage, [DONE]' }),
    },
    {
      title: 'a later event of a completion with `continuous_usage_stats`',
      path,
      part: 'middle',
      body: { stream_options: { include_usage: true, continuous_usage_stats: true } },
      expected: counted(delta),
    },
    {
      title: 'headers of a completion',
      path,
      part: 'headers',
      expected: since('content-type: application/json; x-request-id: as sent'),
    },
    {
      title: 'headers of a completion that is streamed',
      path,
      part: 'stream-headers',
      expected: since('cache-control: no-cache; content-type: text/event-stream; x-request-id: as sent'),
    },
    {
      title: 'headers of a completion that is refused',
      path,
      part: 'headers-error',
      expected: since('content-type: application/json; x-request-id: as sent'),
    },
  ],
}
