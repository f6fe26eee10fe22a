// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { WireFloat, dialects, readTraceRow, type Dialect, type TraceRecord } from '../../src/index.ts'
import { traceEventSchema } from '../../src/trace/schemas.ts'
import { child, root } from '../support.ts'

/**
 * What Dynamo's tool-event ingest does with a decoded record, row by row as it
 * was measured: 1.2.1 on the left, 1.3.1 to 1.6.1 (all alike) on the right.
 */
type Verdict = 'lands' | 'dropped'
type Verdicts = readonly [on12: Verdict, since13: Verdict]

const before = dialects['agent-context-body']
const since = dialects['session-headers']

const tool = {
  tool_call_id: 'call_1',
  tool_class: 'grep',
  started_at_unix_ms: 1000,
  ended_at_unix_ms: 1050,
  status: 'succeeded',
  duration_ms: 50,
  output_bytes: 10,
}
const event = { event_type: 'tool_end', event_time_unix_ms: 1050, event_source: 'harness', tool }
const context = { session_type_id: 'coding', session_id: 'run', trajectory_id: 'turn', parent_trajectory_id: 'run' }

const agentTrace = { schema: 'dynamo.agent.trace.v1', ...event, agent_context: context }
const requestTrace = {
  schema: 'dynamo.request.trace.v1',
  ...event,
  agent_context: { session_id: 'turn', parent_session_id: 'run' },
}
const flat = { schema: 'dynamo.request.trace.v1', ...event, session_id: 'turn', parent_session_id: 'run' }

const verdictOf = (dialect: Dialect, record: unknown): Verdict =>
  dialect.accepts(record).accepted ? 'lands' : 'dropped'

describe('the form of a record', () => {
  test.each<[string, unknown, Verdicts]>([
    ['the agent-trace record of 1.2', agentTrace, ['lands', 'dropped']],
    [
      'the request-trace record with agent_context alone, as documentation shows it',
      requestTrace,
      ['dropped', 'dropped'],
    ],
    ['the flat request-trace record', flat, ['dropped', 'lands']],
    ['the flat record with agent_context beside', { ...requestTrace, ...flat }, ['dropped', 'lands']],
    ['the agent-trace record with flat ids beside', { ...flat, ...agentTrace }, ['lands', 'dropped']],
    ['a number', 7, ['dropped', 'dropped']],
    ['nil', null, ['dropped', 'dropped']],
    ['text', '{}', ['dropped', 'dropped']],
    ['an empty map', {}, ['dropped', 'dropped']],
    ['an empty array', [], ['dropped', 'dropped']],
  ])('%s', (_, record, verdicts) => {
    expect([verdictOf(before, record), verdictOf(since, record)]).toEqual(verdicts)
  })
})

describe('a field of a record', () => {
  /** The record that each dialect takes, changed in one place. */
  const changed = (change: object, toolChange: object = {}) => ({
    on12: { ...agentTrace, ...change, tool: { ...tool, ...toolChange } },
    since13: { ...flat, ...change, tool: { ...tool, ...toolChange } },
  })

  test.each<[string, { on12: unknown; since13: unknown }, Verdicts]>([
    ['as it should be', changed({}), ['lands', 'lands']],
    ['event time as float', changed({ event_time_unix_ms: 1050.5 }), ['dropped', 'dropped']],
    ['event time as a whole float', changed({ event_time_unix_ms: new WireFloat(1050) }), ['dropped', 'dropped']],
    ['output bytes as a whole float', changed({}, { output_bytes: new WireFloat(10) }), ['dropped', 'dropped']],
    ['duration as a whole float', changed({}, { duration_ms: new WireFloat(50) }), ['lands', 'lands']],
    ['event time negative', changed({ event_time_unix_ms: -1 }), ['dropped', 'dropped']],
    ['event time missing', changed({ event_time_unix_ms: undefined }), ['dropped', 'dropped']],
    ['started as float', changed({}, { started_at_unix_ms: 1000.25 }), ['dropped', 'dropped']],
    ['output bytes as float', changed({}, { output_bytes: 0.5 }), ['dropped', 'dropped']],
    ['duration as integer', changed({}, { duration_ms: 50 }), ['lands', 'lands']],
    ['duration as float', changed({}, { duration_ms: 50.25 }), ['lands', 'lands']],
    ['duration NaN', changed({}, { duration_ms: NaN }), ['lands', 'dropped']],
    ['duration as text', changed({}, { duration_ms: '50' }), ['dropped', 'dropped']],
    ['status weird', changed({}, { status: 'weird' }), ['dropped', 'dropped']],
    ['status by the name of an inherited property', changed({}, { status: 'toString' }), ['dropped', 'dropped']],
    ['status nil', changed({}, { status: null }), ['lands', 'lands']],
    ['status absent', changed({}, { status: undefined }), ['lands', 'lands']],
    [
      'every optional field nil',
      changed(
        { parent_session_id: null },
        {
          started_at_unix_ms: null,
          ended_at_unix_ms: null,
          status: null,
          duration_ms: null,
          output_tokens: null,
          output_bytes: null,
          tool_name_hash: null,
          error_type: null,
        },
      ),
      ['lands', 'lands'],
    ],
    ['unknown keys', changed({ zzz: 1 }, { zzz: 1 }), ['lands', 'lands']],
    ['ended before started', changed({}, { ended_at_unix_ms: 900 }), ['lands', 'lands']],
    ['event type request_end', changed({ event_type: 'request_end' }), ['dropped', 'dropped']],
    ['event type unknown', changed({ event_type: 'tool_pause' }), ['dropped', 'dropped']],
    ['schema missing', changed({ schema: undefined }), ['dropped', 'dropped']],
    ['tool id missing', changed({}, { tool_call_id: undefined }), ['dropped', 'dropped']],
    ['tool class missing', changed({}, { tool_class: undefined }), ['dropped', 'dropped']],
    ['event source missing', changed({ event_source: undefined }), ['dropped', 'lands']],
    ['event source dynamo', changed({ event_source: 'dynamo' }), ['dropped', 'lands']],
    ['event source ms_agent', changed({ event_source: 'ms_agent' }), ['lands', 'lands']],
  ])('%s', (_, { on12, since13 }, verdicts) => {
    expect([verdictOf(before, on12), verdictOf(since, since13)]).toEqual(verdicts)
  })

  test('tool missing', () => {
    expect(before.accepts({ ...agentTrace, tool: undefined })).toEqual({
      accepted: false,
      reason: 'missing field `tool`',
    })
    expect(since.accepts({ ...flat, tool: undefined })).toEqual({ accepted: false, reason: 'missing field `tool`' })
  })
})

describe('an id of a record', () => {
  test.each(['', '  ', 'x'.repeat(300), 'p\u00e4\u4ee3'])('since 1.3 any text is one (%#)', (id) => {
    const verdict = since.accepts({ ...flat, session_id: id })
    expect(verdict).toMatchObject({ accepted: true, row: { agent_context: { session_id: id } } })
  })

  test('since 1.3 it is required', () => {
    expect(since.accepts({ ...flat, session_id: undefined })).toEqual({
      accepted: false,
      reason: 'missing field `session_id`',
    })
  })

  test('since 1.3 a parent equal to the session is kept', () => {
    const verdict = since.accepts({ ...flat, parent_session_id: 'turn' })
    expect(verdict).toMatchObject({
      accepted: true,
      row: { agent_context: { session_id: 'turn', parent_session_id: 'turn' } },
    })
  })

  test('on 1.2 blanks around it stay', () => {
    const spaced = { ...context, trajectory_id: ' turn ' }
    expect(before.accepts({ ...agentTrace, agent_context: spaced })).toMatchObject({ row: { agent_context: spaced } })
  })

  test.each(['session_type_id', 'session_id', 'trajectory_id'])('on 1.2 an empty %s drops the record', (key) => {
    expect(before.accepts({ ...agentTrace, agent_context: { ...context, [key]: '' } })).toEqual({
      accepted: false,
      reason: 'agent_context required identifiers must be non-empty',
    })
    expect(verdictOf(before, { ...agentTrace, agent_context: { ...context, [key]: undefined } })).toBe('dropped')
  })
})

describe('a record as arrays, every field in its place', () => {
  const toolArray: readonly unknown[] = ['call_1', 'grep', 1000, 1050, 'succeeded', 50, null, 10, null, null]
  const agentTraceArray: readonly unknown[] = [
    agentTrace.schema,
    'tool_end',
    1050,
    'harness',
    ['coding', 'run', 'turn', 'run'],
    null,
    toolArray,
  ]
  const flatArray: readonly unknown[] = [flat.schema, 'tool_end', 1050, 'turn', 'run', toolArray]

  test('gives the row that maps give', () => {
    expect(before.accepts(agentTraceArray)).toEqual(before.accepts(agentTrace))
    expect(since.accepts(flatArray)).toEqual(since.accepts(flat))
  })

  test('may hold a map as its tool', () => {
    expect(since.accepts(flatArray.with(5, tool))).toEqual(since.accepts(flat))
    expect(before.accepts(agentTraceArray.with(6, tool))).toEqual(before.accepts(agentTrace))
  })

  test('drops a tool that is not complete', () => {
    expect(since.accepts(flatArray.with(5, toolArray.slice(0, 6)))).toEqual({
      accepted: false,
      reason: 'invalid length 6, expected 10 elements',
    })
  })
})

describe('the row that is written', () => {
  test.each([
    [before, agentTrace, { schema: 'dynamo.agent.trace.v1', agent_context: context }],
    [
      since,
      flat,
      { schema: 'dynamo.request.trace.v1', agent_context: { session_id: 'turn', parent_session_id: 'run' } },
    ],
  ])('holds what was known, and nothing that was not asked for', (dialect, record, base) => {
    const verdict = dialect.accepts({ ...record, zzz: 1, tool: { ...tool, zzz: 1, error_type: null } })
    expect(verdict).toStrictEqual({
      accepted: true,
      row: { ...base, event_type: 'tool_end', event_time_unix_ms: 1050, event_source: 'harness', tool },
    })
  })

  test.each([
    ['ok', 'succeeded'],
    ['success', 'succeeded'],
    ['succeeded', 'succeeded'],
    ['failed', 'error'],
    ['error', 'error'],
    ['timeout', 'cancelled'],
    ['cancelled', 'cancelled'],
    ['canceled', 'cancelled'],
    ['running', 'running'],
  ])('says %s as %s', (given, written) => {
    for (const [dialect, record] of [
      [before, agentTrace],
      [since, flat],
    ] as const) {
      expect(dialect.accepts({ ...record, tool: { ...tool, status: given } })).toMatchObject({
        accepted: true,
        row: { tool: { status: written } },
      })
    }
  })

  test('names the harness as source, whatever the record called it', () => {
    expect(before.accepts({ ...agentTrace, event_source: 'ms_agent' })).toMatchObject({
      row: { event_source: 'harness' },
    })
    expect(since.accepts({ ...flat, event_source: 'dynamo' })).toMatchObject({ row: { event_source: 'harness' } })
  })

  test('on 1.2 has null for a duration that is not finite', () => {
    const verdict = before.accepts({ ...agentTrace, tool: { ...tool, duration_ms: Infinity } })
    expect(verdict).toMatchObject({ accepted: true, row: { tool: { duration_ms: null } } })
  })

  test.each(Object.values(dialects))('is valid and reads back as the event that $name encoded', (dialect) => {
    for (const context of [root, child]) {
      const sent = {
        type: 'tool_error',
        timeMs: 1050,
        tool: {
          toolCallId: 'c',
          toolClass: 't',
          startedAtMs: 1000,
          endedAtMs: 1050,
          status: 'error',
          durationMs: 50,
          errorType: 'ENOENT',
        },
      } as const
      const verdict = dialect.accepts(dialect.encodeToolEvent(context, sent))
      if (!verdict.accepted) throw new Error(verdict.reason)
      expect(traceEventSchema.safeParse(verdict.row).error).toBeUndefined()
      const { parentTrajectoryId, trajectoryId } = context
      expect(readTraceRow(verdict.row)).toMatchObject({
        kind: 'record',
        record: {
          type: 'tool_error',
          eventTimeMs: 1050,
          source: 'harness',
          identity: { trajectoryId, ...(parentTrajectoryId !== undefined && { parentTrajectoryId }) },
          tool: sent.tool,
        } satisfies Partial<TraceRecord>,
      })
    }
  })
})
