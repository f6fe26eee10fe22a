// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { traceEventSchema, traceLineSchema } from '../../src/trace/schemas.ts'

const requestRow = {
  schema: 'dynamo.request.trace.v1',
  event_type: 'request_end',
  event_time_unix_ms: 1000,
  event_source: 'dynamo',
  agent_context: { session_id: 's' },
  request: {
    request_id: 'r',
    replay: { trace_block_size: 64, input_length: 65, input_sequence_hashes: [1, 18446744073709551615n] },
  },
}
const toolRow = {
  schema: 'dynamo.agent.trace.v1',
  event_type: 'tool_end',
  event_time_unix_ms: 1000,
  event_source: 'harness',
  agent_context: { session_type_id: 'type', session_id: 's', trajectory_id: 't' },
  tool: { tool_call_id: 'c', tool_class: 'grep' },
}
const withReplay = (change: object) => ({
  ...requestRow,
  request: { request_id: 'r', replay: { ...requestRow.request.replay, ...change } },
})

const isValid = (row: unknown) => traceEventSchema.safeParse(row).success

describe('the strict schemas hold what a writer may write', () => {
  test.each<[string, unknown]>([
    ['a request of 1.3 and later', requestRow],
    ['a request without context', { ...requestRow, agent_context: undefined, event_source: undefined }],
    ['a tool call of 1.2', toolRow],
    [
      'workflow and program ids',
      { ...toolRow, agent_context: { workflow_type_id: 'type', workflow_id: 'w', program_id: 'p' } },
    ],
    ['a duration that was not finite', { ...toolRow, tool: { ...toolRow.tool, duration_ms: null } }],
  ])('valid: %s', (_, row) => {
    expect(isValid(row)).toBe(true)
    expect(traceLineSchema.safeParse({ timestamp: 0, event: row }).success).toBe(true)
  })

  test.each<[string, unknown]>([
    ['no row', 7],
    ['an unknown schema', { ...requestRow, schema: 'dynamo.request.trace.v2' }],
    ['an unknown event', { ...requestRow, event_type: 'request_start' }],
    ['an unknown key', { ...requestRow, zzz: 1 }],
    ['an unknown key deep down', withReplay({ zzz: 1 })],
    ['a fractional time', { ...requestRow, event_time_unix_ms: 1000.5 }],
    ['a request of 1.2 without context', { ...requestRow, schema: 'dynamo.agent.trace.v1', agent_context: undefined }],
    ['ids of 1.3 in a row of 1.2', { ...toolRow, agent_context: { session_id: 's' } }],
    ['ids of 1.2 in a row of 1.3', { ...requestRow, agent_context: toolRow.agent_context }],
    ['a tool call that Dynamo made', { ...toolRow, event_source: 'dynamo' }],
    [
      'a spelling of a status that Dynamo reads but does not write',
      { ...toolRow, tool: { ...toolRow.tool, status: 'ok' } },
    ],
    ['a hash too few', withReplay({ input_sequence_hashes: [1] })],
    ['a hash too many', withReplay({ input_sequence_hashes: [1, 2, 3] })],
    ['a hash beyond u64', withReplay({ input_sequence_hashes: [1, 2n ** 64n] })],
    ['a hash below zero', withReplay({ input_sequence_hashes: [1, -2] })],
    ['a hash that a double has rounded', withReplay({ input_sequence_hashes: [1, 2 ** 60] })],
    ['a hash as text', withReplay({ input_sequence_hashes: [1, '2'] })],
  ])('invalid: %s', (_, row) => {
    expect(isValid(row)).toBe(false)
  })

  test('a line has its envelope, a row has none', () => {
    expect(traceLineSchema.safeParse(requestRow).success).toBe(false)
    expect(traceLineSchema.safeParse({ timestamp: -1, event: requestRow }).success).toBe(false)
    expect(isValid({ timestamp: 0, event: requestRow })).toBe(false)
  })
})
