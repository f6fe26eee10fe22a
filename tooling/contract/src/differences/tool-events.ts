// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import { Float64 } from '../msgpack.ts'
import type { Fields } from '../trace.ts'
import type { Section, ToolEventCase, ToolRecord } from './cases.ts'

type Expected = ToolEventCase['expected']

const tool = (title: string, change: Fields, expected: Expected): ToolEventCase => ({
  title,
  change: (record) => ({ ...record, tool: { ...record.tool, ...change } }),
  expected,
})
const top = (title: string, change: Fields, expected: Expected): ToolEventCase => ({
  title,
  change: (record) => ({ ...record, ...change }),
  expected,
})
const looking = (look: string, one: ToolEventCase): ToolEventCase => ({ ...one, look })
/** The id of the trajectory, wherever this generation has it. */
const trajectory = (title: string, id: unknown, expected: Expected): ToolEventCase => ({
  title,
  change: (record, dialect) =>
    dialect === 'session-headers'
      ? { ...record, session_id: id }
      : { ...record, agent_context: { ...(record.agent_context as object), trajectory_id: id } },
  look: 'agent_context',
  expected,
})
const status = (text: string, expected: Expected) =>
  looking('tool.status', tool(`status ${text}`, { status: text }, expected))

const context = { session_type_id: 't', session_id: 's', trajectory_id: 'a' }
/** What records of all generations have in common. */
const bare = ({ event_type, event_time_unix_ms, tool }: ToolRecord) => ({ event_type, event_time_unix_ms, tool })
const without = (record: ToolRecord, key: string) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
const toolKeys = [
  'tool_call_id',
  'tool_class',
  'started_at_unix_ms',
  'ended_at_unix_ms',
  'status',
  'duration_ms',
  'output_tokens',
  'output_bytes',
  'tool_name_hash',
  'error_type',
]
const valuesOf = (fields: Readonly<Record<string, unknown>>, keys: readonly string[]) =>
  keys.map((key) => fields[key] ?? null)
const topKeys = {
  'agent-context-body': [
    'schema',
    'event_type',
    'event_time_unix_ms',
    'event_source',
    'agent_context',
    'request',
    'tool',
  ],
  'session-headers': ['schema', 'event_type', 'event_time_unix_ms', 'session_id', 'parent_session_id', 'tool'],
}

const kept = (value: unknown) => `kept: ${JSON.stringify(value)}`
const times = {
  tool_call_id: 'call',
  tool_class: 'read',
  started_at_unix_ms: 1_780_000_000_073,
  ended_at_unix_ms: 1_780_000_000_123,
}
const wholeTool = { ...times, status: 'succeeded', duration_ms: 50 }

export const toolEvents: Section<ToolEventCase> = {
  title: 'Tool events',
  note: 'Each is the record of its generation with one change. “kept” leaves a row; what is dropped leaves none.',
  cases: [
    { title: 'the record of the generation', expected: since('kept') },
    {
      title: 'the record of 1.2',
      change: (record) => ({
        ...bare(record),
        schema: 'dynamo.agent.trace.v1',
        event_source: 'harness',
        agent_context: context,
      }),
      expected: since('kept', { '1.3.1': 'dropped' }),
    },
    {
      title: 'the record of 1.2 with `session_id` at the top',
      change: (record) => ({
        ...bare(record),
        schema: 'dynamo.agent.trace.v1',
        event_source: 'harness',
        agent_context: context,
        session_id: 's',
      }),
      expected: since('kept', { '1.3.1': 'dropped' }),
    },
    {
      title: 'the record that documentation shows: `agent_context` alone',
      change: (record) => ({
        ...bare(record),
        schema: 'dynamo.request.trace.v1',
        event_source: 'harness',
        agent_context: { session_id: 's' },
      }),
      expected: since('dropped'),
    },
    {
      title: 'the flat record of 1.3',
      change: (record) => ({
        ...bare(record),
        schema: 'dynamo.request.trace.v1',
        session_id: 's',
      }),
      expected: since('dropped', { '1.3.1': 'kept: {"session_id":"s"}' }),
      look: 'agent_context',
    },
    {
      title: 'the flat record and `agent_context` in one',
      change: (record) => ({
        ...bare(record),
        schema: 'dynamo.request.trace.v1',
        event_source: 'harness',
        session_id: 's',
        parent_session_id: 'p',
        agent_context: { session_id: 'other' },
      }),
      expected: since('dropped', {
        '1.3.1': 'kept: {"session_id":"s","parent_session_id":"p"}',
      }),
      look: 'agent_context',
    },
    {
      title: 'the flat record, parent that is the session',
      change: (record) => ({
        ...bare(record),
        schema: 'dynamo.request.trace.v1',
        session_id: 's',
        parent_session_id: 's',
      }),
      expected: since('dropped', {
        '1.3.1': 'kept: {"session_id":"s","parent_session_id":"s"}',
      }),
      look: 'agent_context',
    },
    top('`event_time_unix_ms` as float', { event_time_unix_ms: new Float64(1_780_000_000_123) }, since('dropped')),
    top('`event_time_unix_ms` with a fraction', { event_time_unix_ms: 1_780_000_000_123.5 }, since('dropped')),
    top('`event_time_unix_ms` negative', { event_time_unix_ms: -1 }, since('dropped')),
    top('`event_time_unix_ms` a text', { event_time_unix_ms: '1780000000123' }, since('dropped')),
    tool('`started_at_unix_ms` as float', { started_at_unix_ms: new Float64(1_780_000_000_073) }, since('dropped')),
    tool('`output_bytes` as float', { output_bytes: new Float64(10) }, since('dropped')),
    tool('`output_bytes` negative', { output_bytes: -1 }, since('dropped')),
    looking('tool.duration_ms', tool('`duration_ms` as integer', { duration_ms: 50 }, since('kept: 50'))),
    looking('tool.duration_ms', tool('`duration_ms` as float', { duration_ms: new Float64(50) }, since('kept: 50'))),
    looking('tool.duration_ms', tool('`duration_ms` with a fraction', { duration_ms: 50.25 }, since('kept: 50.25'))),
    looking('tool.duration_ms', tool('`duration_ms` negative', { duration_ms: -50 }, since('kept: -50'))),
    looking(
      'tool.duration_ms',
      tool('`duration_ms` NaN', { duration_ms: NaN }, since('kept: null', { '1.3.1': 'dropped' })),
    ),
    looking(
      'tool.duration_ms',
      tool('`duration_ms` infinite', { duration_ms: Infinity }, since('kept: null', { '1.3.1': 'dropped' })),
    ),
    tool('`duration_ms` a text', { duration_ms: '50' }, since('dropped')),
    status('running', since('kept: "running"')),
    status('succeeded', since('kept: "succeeded"')),
    status('success', since('kept: "succeeded"')),
    status('ok', since('kept: "succeeded"')),
    status('error', since('kept: "error"')),
    status('failed', since('kept: "error"')),
    status('cancelled', since('kept: "cancelled"')),
    status('canceled', since('kept: "cancelled"')),
    status('timeout', since('kept: "cancelled"')),
    status('weird', since('dropped')),
    status('Succeeded', since('dropped')),
    looking('tool', tool('status nil', { status: null }, since(kept({ ...times, duration_ms: 50 })))),
    looking(
      'tool',
      tool(
        'optional fields nil',
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
        since('kept: {"tool_call_id":"call","tool_class":"read"}'),
      ),
    ),
    looking(
      'tool',
      tool(
        'every field',
        { output_tokens: 3, output_bytes: 4, tool_name_hash: 'h', error_type: 'e' },
        since(kept({ ...wholeTool, output_tokens: 3, output_bytes: 4, tool_name_hash: 'h', error_type: 'e' })),
      ),
    ),
    looking('tool', tool('further keys of the tool', { zzz: 1 }, since(kept(wholeTool)))),
    top('further keys of the record', { zzz: 1 }, since('kept')),
    tool('ended before it started', { started_at_unix_ms: 1_780_000_000_500 }, since('kept')),
    tool('without `tool_class`', { tool_class: null }, since('dropped')),
    looking('tool.tool_class', tool('empty `tool_class`', { tool_class: '' }, since('kept: ""'))),
    { title: 'without `tool`', change: (record) => without(record, 'tool'), expected: since('dropped') },
    { title: 'without `schema`', change: (record) => without(record, 'schema'), expected: since('dropped') },
    { title: 'without `event_type`', change: (record) => without(record, 'event_type'), expected: since('dropped') },
    {
      title: 'without `event_time_unix_ms`',
      change: (record) => without(record, 'event_time_unix_ms'),
      expected: since('dropped'),
    },
    {
      title: 'without `event_source`',
      change: (record) => without(record, 'event_source'),
      expected: since('dropped', { '1.3.1': 'kept: "harness"' }),
      look: 'event_source',
    },
    looking('event_source', top('`event_source` ms_agent', { event_source: 'ms_agent' }, since('kept: "harness"'))),
    looking(
      'event_source',
      top('`event_source` dynamo', { event_source: 'dynamo' }, since('dropped', { '1.3.1': 'kept: "harness"' })),
    ),
    looking(
      'event_source',
      top('`event_source` zzz', { event_source: 'zzz' }, since('dropped', { '1.3.1': 'kept: "harness"' })),
    ),
    looking('event_type', top('`event_type` tool_start', { event_type: 'tool_start' }, since('kept: "tool_start"'))),
    looking('event_type', top('`event_type` tool_error', { event_type: 'tool_error' }, since('kept: "tool_error"'))),
    top('`event_type` request_end', { event_type: 'request_end' }, since('dropped')),
    top('`event_type` zzz', { event_type: 'zzz' }, since('dropped')),
    trajectory(
      'trajectory empty',
      '',
      since('dropped', {
        '1.3.1': 'kept: {"session_id":"","parent_session_id":"s"}',
      }),
    ),
    trajectory(
      'trajectory blank',
      '  ',
      since('dropped', {
        '1.3.1': 'kept: {"session_id":"  ","parent_session_id":"s"}',
      }),
    ),
    trajectory(
      'trajectory with blanks around',
      ' a ',
      since('kept: {"session_type_id":"t","session_id":"s","trajectory_id":" a "}', {
        '1.3.1': 'kept: {"session_id":" a ","parent_session_id":"s"}',
      }),
    ),
    trajectory(
      'trajectory of 300 bytes',
      'a'.repeat(300),
      since('kept: {"session_type_id":"t","session_id":"s","trajectory_id":"a×300"}', {
        '1.3.1': 'kept: {"session_id":"a×300","parent_session_id":"s"}',
      }),
    ),
    trajectory(
      'trajectory in UTF-8',
      'é',
      since('kept: {"session_type_id":"t","session_id":"s","trajectory_id":"é"}', {
        '1.3.1': 'kept: {"session_id":"é","parent_session_id":"s"}',
      }),
    ),
    trajectory('trajectory a number', 3, since('dropped')),
    trajectory('trajectory nil', null, since('dropped')),
    {
      title: 'arrays for maps, all fields',
      change: (record, dialect) => {
        const whole: Readonly<Record<string, unknown>> = { ...record, tool: valuesOf(record.tool, toolKeys) }
        return valuesOf(whole, topKeys[dialect])
      },
      expected: since('kept'),
    },
    {
      title: 'an array around a map',
      change: (record, dialect) => valuesOf(record, topKeys[dialect]),
      expected: since('kept'),
    },
    {
      title: 'a tool array of six elements',
      change: (record) => ({ ...record, tool: valuesOf(record.tool, toolKeys.slice(0, 6)) }),
      expected: since('dropped'),
    },
    { title: 'two frames', frames: (payload) => ['agent-tool-events', payload], expected: since('dropped') },
    {
      title: 'four frames',
      frames: (payload) => ['agent-tool-events', Buffer.alloc(8), payload, ''],
      expected: since('dropped'),
    },
    {
      title: 'an empty sequence frame',
      frames: (payload) => ['agent-tool-events', '', payload],
      expected: since('kept'),
    },
    {
      title: 'a long sequence frame',
      frames: (payload) => ['agent-tool-events', Buffer.alloc(20), payload],
      expected: since('kept'),
    },
    { title: 'another topic', frames: (payload) => ['zzz', Buffer.alloc(8), payload], expected: since('dropped') },
    {
      title: 'a longer topic',
      frames: (payload) => ['agent-tool-events-2', Buffer.alloc(8), payload],
      expected: since('dropped'),
    },
    { title: 'an empty topic', frames: (payload) => ['', Buffer.alloc(8), payload], expected: since('dropped') },
    {
      title: 'bytes after the record',
      frames: (payload) => ['agent-tool-events', Buffer.alloc(8), Buffer.concat([payload, Buffer.from([1, 2, 3])])],
      expected: since('kept'),
    },
    {
      title: 'a record that is cut off',
      frames: (payload) => ['agent-tool-events', Buffer.alloc(8), payload.subarray(0, -4)],
      expected: since('dropped'),
    },
    {
      title: 'JSON for msgpack',
      frames: () => ['agent-tool-events', Buffer.alloc(8), '{"schema":"dynamo.request.trace.v1"}'],
      expected: since('dropped'),
    },
    { title: 'an empty record', frames: () => ['agent-tool-events', Buffer.alloc(8), ''], expected: since('dropped') },
  ],
}
