// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { Fields } from '../trace.ts'
import type { ModelPath, RowCase, Section, ShapeCase } from './cases.ts'

const ofCompletion = (title: string, body: Fields, expected: RowCase['expected']): RowCase => ({
  title,
  path: '/v1/completions',
  body,
  expected,
})
const ofResponse = (title: string, body: Fields, expected: RowCase['expected']): RowCase => ({
  title,
  path: '/v1/responses',
  body,
  expected,
})

/** Which requests leave a row in the trace. */
export const rowWriters: Section<RowCase> = {
  title: 'What leaves a row',
  note: 'Each request names its caller as its generation wants it.',
  cases: [
    { title: 'an answer', expected: since('row') },
    { title: 'a stream', body: { stream: true }, expected: since('row') },
    { title: 'a stream that the client cuts', cut: 'in the middle', expected: since('row') },
    { title: 'a request that the client drops before its answer', cut: 'before the answer', expected: since('row') },
    { title: 'two choices', body: { n: 2 }, expected: since('row', { '1.3.1': 'no row' }) },
    { title: 'an unknown model', body: { model: 'nope' }, expected: since('no row') },
    { title: 'an unknown key', body: { zzz: 1 }, expected: since('no row') },
    { title: 'a bad temperature', body: { temperature: 9 }, expected: since('no row') },
    ofCompletion('a completion, not of chat', {}, since('no row', { '1.3.1': 'row' })),
    ofCompletion('the same, streamed', { stream: true }, since('no row', { '1.3.1': 'row' })),
    ofCompletion('the same of two prompts', { prompt: ['x', 'y'] }, since('no row', { '1.3.1': '2 rows' })),
    ofCompletion('the same of token ids', { prompt: [1000, 2000] }, since('no row', { '1.3.1': 'row' })),
    ofCompletion('the same with two choices', { n: 2 }, since('no row')),
    ofCompletion('the same with the best of two', { best_of: 2 }, since('no row')),
    ofCompletion('the same, refused', { temperature: 9 }, since('no row')),
    {
      ...ofCompletion('the same, streamed and cut by the client', {}, since('no row', { '1.3.1': 'row' })),
      cut: 'in the middle',
    },
    ofResponse('a response', {}, since('row')),
    ofResponse('the same, streamed', { stream: true }, since('row')),
    ofResponse('the same with `n` 2, which it does not know', { n: 2 }, since('row')),
    ofResponse('the same, refused', { background: true }, since('no row')),
    { ...ofResponse('the same, streamed and cut by the client', {}, since('row')), cut: 'in the middle' },
    { title: '/v1/messages, which has to be turned on', path: '/v1/messages', expected: since('no row') },
  ],
}

const head = 'schema, event_type, event_time_unix_ms#'
const trajectory = 'agent_context: {session_type_id, session_id, trajectory_id}'
const stages =
  'prefill_wait_time_ms#, prefill_time_ms#, ttft_ms#, total_time_ms#, avg_itl_ms#, kv_hit_rate#, queue_depth#'
const served = `input_tokens#, output_tokens#, cached_tokens#, request_received_ms#, ${stages}`
const worker = 'worker: {prefill_worker_id#, prefill_dp_rank#, decode_worker_id#, decode_dp_rank#}'
const replay = 'replay: {trace_block_size#, input_length#, input_sequence_hashes: [#]}'
const metrics = `${served}, ${worker}, ${replay}`
const choices = 'choices: [{choice_index#, finish_reason}]'
const finished = `finish_reason_metadata: {finish_reason, backend_finish_reason, ${choices}}`
const finishedWithCalls = `finish_reason_metadata: {finish_reason, backend_finish_reason, tool_calls: [{choice_index#, tool_call_index#, id, name}], ${choices}}`

const agentRow = (context: string, ...rest: readonly string[]) =>
  `{${head}, event_source, ${context}, request: {${['request_id, x_request_id, model', metrics, ...rest].join(', ')}}}`
const session = 'agent_context: {session_id}'
const triggered = 'agent_context: {session_id, input_trigger}'

const tool = 'tool: {tool_call_id, tool_class, started_at_unix_ms#, ended_at_unix_ms#, status, duration_ms#}'
const toolRow = since(`{${head}, event_source, ${trajectory}, ${tool}}`, {
  '1.3.1': `{${head}, event_source, agent_context: {session_id, parent_session_id}, ${tool}}`,
})

const unlessCut = since(agentRow(trajectory), {
  '1.3.1': agentRow(session, finished),
  '1.5.1': agentRow(triggered, finished),
})
/** 1.2 has no row of completions of text. */
const afterFirst = since('none', { '1.3.1': agentRow(session, finished), '1.5.1': agentRow(triggered, finished) })

const ofPath = (what: string, path: ModelPath, expected: ShapeCase['expected']): ShapeCase[] => [
  { title: `request for ${what}`, path, part: 'row', expected },
  { title: 'the same, streamed', path, part: 'row-stream', expected },
]
const calls = (reason: string, backend: string) => {
  const named = ['grep', 'read_file'].map((name, index) => ({
    choice_index: 0,
    tool_call_index: index,
    id: 'call-UUID',
    name,
  }))
  return JSON.stringify({
    finish_reason: reason,
    backend_finish_reason: backend,
    tool_calls: named,
    choices: [{ choice_index: 0, finish_reason: reason }],
  })
}

/** What stands in the rows. */
export const rowShapes: Section<ShapeCase> = {
  title: 'Shapes of rows',
  note: 'Without the envelope, which is `{timestamp, event}` everywhere. Keys as above.',
  cases: [
    { title: 'request that names its caller', part: 'row', expected: unlessCut },
    { title: 'the same, streamed', part: 'row-stream', expected: unlessCut },
    {
      title: 'stream that was cut',
      part: 'row-cut',
      expected: since(agentRow(trajectory), { '1.3.1': agentRow(session), '1.5.1': agentRow(triggered) }),
    },
    {
      title: 'request that names nobody',
      part: 'row-anonymous',
      expected: since('none', {
        '1.3.1': `{${head}, request: {request_id, output_tokens#, request_received_ms#, ${replay}}}`,
        '1.5.1': `{${head}, request: {request_id, ${metrics}}}`,
      }),
    },
    {
      title: 'request with two tool calls',
      part: 'row',
      reply: 'two-calls',
      expected: since('none', {
        '1.3.1': agentRow(session, finishedWithCalls),
        '1.5.1': agentRow(triggered, finishedWithCalls),
      }),
    },
    {
      title: 'its `finish_reason_metadata`',
      part: 'row-finish',
      reply: 'two-calls',
      expected: since('none', { '1.3.1': calls('length', 'length'), '1.6.1': calls('tool_calls', 'stop') }),
    },
    ...ofPath('a completion of text', '/v1/completions', afterFirst),
    ...ofPath('a response', '/v1/responses', unlessCut),
    {
      title: '`finish_reason_metadata` of a response with two tool calls',
      path: '/v1/responses',
      part: 'row-finish',
      reply: 'two-calls',
      expected: since('none', { '1.3.1': calls('length', 'length'), '1.6.1': calls('tool_calls', 'stop') }),
    },
    { title: 'start of a tool call', part: 'row-tool-start', expected: toolRow },
    { title: 'end of a tool call', part: 'row-tool-end', expected: toolRow },
  ],
}
