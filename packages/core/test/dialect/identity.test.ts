// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import {
  agentContextBodyDialect,
  createAgentContext,
  dialects,
  sessionHeadersDialect,
  type AgentContext,
  type ToolEvent,
} from '../../src/index.ts'
import { child, root } from '../support.ts'

/** A trajectory of its own that nobody started: a session with several agents side by side. */
const orphan = createAgentContext({ sessionId: 'run-1', trajectoryId: 'run-1:second', sessionTypeId: 'coding' })

const contexts: readonly (readonly [string, AgentContext])[] = [
  ['root', root],
  ['child', child],
  ['orphan', orphan],
]

const started: ToolEvent = {
  type: 'tool_start',
  timeMs: 1_795_258_854_031,
  tool: { toolCallId: 'call_1', toolClass: 'grep', startedAtMs: 1_795_258_854_031, status: 'running' },
}

const ended: ToolEvent = {
  type: 'tool_end',
  timeMs: 1_795_258_854_103,
  tool: {
    toolCallId: 'call_1',
    toolClass: 'grep',
    startedAtMs: 1_795_258_854_031,
    endedAtMs: 1_795_258_854_103,
    status: 'succeeded',
    durationMs: 72,
    outputTokens: 90,
    outputBytes: 373,
    toolNameHash: 'abc',
    errorType: 'none',
  },
}

const endedOnTheWire = {
  tool_call_id: 'call_1',
  tool_class: 'grep',
  started_at_unix_ms: 1_795_258_854_031,
  ended_at_unix_ms: 1_795_258_854_103,
  status: 'succeeded',
  duration_ms: 72,
  output_tokens: 90,
  output_bytes: 373,
  tool_name_hash: 'abc',
  error_type: 'none',
}

test('a dialect is found by its name', () => {
  for (const [name, dialect] of Object.entries(dialects)) expect(dialect.name).toBe(name)
  expect(dialects).toEqual({ 'session-headers': sessionHeadersDialect, 'agent-context-body': agentContextBodyDialect })
})

describe('session headers (Dynamo 1.3 and later)', () => {
  test.each([
    ['a root names itself alone', root, { 'x-dynamo-session-id': 'run-1' }],
    [
      'a subagent names its parent',
      child,
      { 'x-dynamo-session-id': 'run-1:child', 'x-dynamo-parent-session-id': 'run-1:root' },
    ],
    [
      'a trajectory without parent names the session, so that the run is found by walking up',
      orphan,
      { 'x-dynamo-session-id': 'run-1:second', 'x-dynamo-parent-session-id': 'run-1' },
    ],
  ])('%s', (_, context, headers) => {
    expect(sessionHeadersDialect.identify(context, {}, 'request-1')).toStrictEqual({
      headers: { ...headers, 'x-request-id': 'request-1' },
    })
  })

  test('hints go into the body, and the context never does: 1.3 and later answer 400 to it', () => {
    for (const [, context] of contexts) {
      expect(sessionHeadersDialect.identify(context, { priority: 2 }, 'r').nvext).toStrictEqual({
        agent_hints: { priority: 2 },
      })
    }
  })

  test('a tool event is a flat record', () => {
    expect(sessionHeadersDialect.encodeToolEvent(child, ended)).toStrictEqual({
      schema: 'dynamo.request.trace.v1',
      event_type: 'tool_end',
      event_time_unix_ms: 1_795_258_854_103,
      event_source: 'harness',
      session_id: 'run-1:child',
      parent_session_id: 'run-1:root',
      tool: endedOnTheWire,
    })
    expect(sessionHeadersDialect.encodeToolEvent(root, started)).not.toHaveProperty('parent_session_id')
    expect(sessionHeadersDialect.encodeToolEvent(orphan, started)).toHaveProperty('parent_session_id', 'run-1')
  })
})

describe('agent context in the body (Dynamo 1.2)', () => {
  test.each([
    ['a root', root, { session_id: 'run-1', trajectory_id: 'run-1' }],
    ['a subagent', child, { session_id: 'run-1', trajectory_id: 'run-1:child', parent_trajectory_id: 'run-1:root' }],
    [
      'a trajectory without parent, which has the session beside it',
      orphan,
      { session_id: 'run-1', trajectory_id: 'run-1:second' },
    ],
  ])('%s', (_, context, ids) => {
    const agent_context = { session_type_id: 'coding', ...ids }
    expect(agentContextBodyDialect.identify(context, {}, 'request-1')).toStrictEqual({
      headers: { 'x-request-id': 'request-1' },
      nvext: { agent_context },
    })
    expect(agentContextBodyDialect.identify(context, { outputLength: 9 }, 'r').nvext).toStrictEqual({
      agent_context,
      agent_hints: { osl: 9 },
    })
    expect(agentContextBodyDialect.encodeToolEvent(context, ended)).toStrictEqual({
      schema: 'dynamo.agent.trace.v1',
      event_type: 'tool_end',
      event_time_unix_ms: 1_795_258_854_103,
      event_source: 'harness',
      agent_context,
      tool: endedOnTheWire,
    })
  })
})

describe.each(Object.values(dialects))('every tool event of $name', (dialect) => {
  test('has integers where Dynamo reads u64, whatever clock the harness has', () => {
    const record = dialect.encodeToolEvent(child, {
      type: 'tool_end',
      timeMs: 1000.6,
      tool: {
        toolCallId: 'c',
        toolClass: 't',
        startedAtMs: 999.4,
        endedAtMs: 1000.6,
        outputBytes: 12.5,
        outputTokens: 3.2,
      },
    })
    expect(record).toMatchObject({
      event_time_unix_ms: 1001,
      tool: { started_at_unix_ms: 999, ended_at_unix_ms: 1001, output_bytes: 13, output_tokens: 3 },
    })
    expect(dialect.accepts(record)).toMatchObject({ accepted: true })
  })

  test('leaves out a figure that would cost the whole record', () => {
    const tool = {
      toolCallId: 'c',
      toolClass: 't',
      startedAtMs: NaN,
      durationMs: NaN,
      outputBytes: -1,
      outputTokens: Infinity,
    }
    const record = dialect.encodeToolEvent(child, { type: 'tool_end', timeMs: 1000, tool })
    expect(record.tool).toStrictEqual({ tool_call_id: 'c', tool_class: 't' })
    expect(dialect.accepts(record)).toMatchObject({ accepted: true })
  })

  test('says nothing about what is not known', () => {
    const record = dialect.encodeToolEvent(root, {
      type: 'tool_start',
      timeMs: 1,
      tool: { toolCallId: 'c', toolClass: 't' },
    })
    expect(record.tool).toStrictEqual({ tool_call_id: 'c', tool_class: 't' })
  })
})
