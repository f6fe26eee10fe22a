// SPDX-License-Identifier: Apache-2.0
import { createToolTracker, dialects, readTraceRow, type AgentContext, type TraceRecord } from '@dynamo-agent/core'
import { buildTraceModel } from '@dynamo-agent/trace-tools'
import { describe, expect, it } from 'vitest'
import { findDisagreement } from '../src/check-trace.ts'
import { explainFailures } from '../src/intended-failures.ts'
import type { FinishedToolCall } from '../src/pi-events.ts'

const root: AgentContext = { sessionId: 'S', trajectoryId: 'S', sessionTypeId: 'pi_coding_agent' }
const child: AgentContext = { ...root, trajectoryId: 'S.reviewer.call-2', parentTrajectoryId: 'S' }
const dialect = dialects['session-headers']

function recordOf(row: unknown): TraceRecord {
  const line = readTraceRow(row)
  if (line.kind !== 'record') throw new Error('no record')
  return line.record
}

function request({ trajectoryId, parentTrajectoryId }: AgentContext): TraceRecord {
  return recordOf({
    schema: 'dynamo.request.trace.v1',
    event_type: 'request_end',
    event_time_unix_ms: 2000,
    agent_context: { session_id: trajectoryId, parent_session_id: parentTrajectoryId },
    request: { request_id: trajectoryId, request_received_ms: 1000, total_time_ms: 1000 },
  })
}

function toolRows(context: AgentContext, calls: readonly FinishedToolCall[]): TraceRecord[] {
  const rows: TraceRecord[] = []
  const tracker = createToolTracker({
    now: () => 1500,
    emit(by, event) {
      const verdict = dialect.accepts(dialect.encodeToolEvent(by, event))
      if (verdict.accepted) rows.push(recordOf(verdict.row))
    },
  })
  for (const { id, name, failed } of calls) {
    tracker.start(context, { toolCallId: id, toolClass: name })
    tracker.end(context, id, { status: failed ? 'error' : 'succeeded' })
  }
  return rows
}

const call = (id: string, name: string, failed = false) => ({ id, name, failed, arguments: {}, output: '' })
const read = call('call-1', 'read', true)
const subagent = call('call-2', 'subagent')
const complete = [request(root), request(child), ...toolRows(root, [read, subagent])]
/** The last of them ends the last call. */
const unended = complete.slice(0, -1)

describe('a trace', () => {
  const find = (records: readonly TraceRecord[], toolCalls = [read, subagent]) =>
    findDisagreement(buildTraceModel(records), { sessionId: 'S', toolCalls })

  it('agrees with an agent that did what it tells', () => {
    expect(find(complete)).toBeUndefined()
  })

  it.each<[string, readonly TraceRecord[], string]>([
    ['is empty', [], '0 sessions'],
    ['has another session', [...complete, request({ ...root, trajectoryId: 'T' })], '2 sessions'],
    ['lacks a subagent', complete.filter((record) => record !== complete[1]), '1 trajectories'],
    [
      'gives a subagent another parent',
      [complete[0]!, request({ ...child, trajectoryId: 'S.stranger' }), ...complete.slice(2)],
      'no trajectory with the right parent belongs to tool call call-2',
    ],
    ['lacks a tool call', complete.slice(0, 2), 'lacks tool call call-1'],
    ['lacks the end of a tool call', unended, 'call-2 has no start or no end'],
    [
      'tells another outcome',
      [...complete.slice(0, 2), ...toolRows(root, [call('call-1', 'read'), subagent])],
      'call-1 (read) has the wrong outcome',
    ],
  ])('that %s does not', (_what, records, problem) => {
    expect(find(records)).toContain(problem)
  })

  it('of a run in which nothing failed does not', () => {
    const calls = [call('call-1', 'read'), subagent]
    expect(find([...complete.slice(0, 2), ...toolRows(root, calls)], calls)).toContain('no failed tool call')
  })
})

describe('the failures of a trace', () => {
  const explain = (...calls: readonly FinishedToolCall[]) =>
    explainFailures(buildTraceModel([request(root), ...toolRows(root, calls)]))

  it('have a reason each, where the script has them', () => {
    expect(explain(call('1', 'read', true), call('2', 'bash', true), call('3', 'bash'))).toEqual([
      'a file that is not there',
      'a run of the failing test',
    ])
  })

  it('are not explained where one of them was not to be', () => {
    expect(explain(call('1', 'read', true), call('2', 'edit', true))).toBeUndefined()
  })
})
