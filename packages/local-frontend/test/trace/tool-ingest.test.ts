// SPDX-License-Identifier: Apache-2.0
import { createAgentContext, dialects, type ToolEvent } from '@dynamo-agent/core'
import { traceLineSchema } from '@dynamo-agent/core/schemas'
import { createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { describe, expect, test } from 'vitest'
import { createToolIngest } from '../../src/trace/tool-ingest.ts'
import { startTraced, until } from '../support.ts'

const context = createAgentContext({
  sessionId: 'run-1',
  trajectoryId: 'child',
  parentTrajectoryId: 'run-1',
  sessionTypeId: 'coding',
})

const started = (toolCallId: string, timeMs = 1000): ToolEvent => ({
  type: 'tool_start',
  timeMs,
  tool: { toolCallId, toolClass: 'bash', startedAtMs: timeMs, status: 'running' },
})
const ended = (toolCallId: string, timeMs = 1500): ToolEvent => ({
  type: 'tool_end',
  timeMs,
  tool: {
    toolCallId,
    toolClass: 'bash',
    startedAtMs: 1000,
    endedAtMs: timeMs,
    status: 'succeeded',
    durationMs: timeMs - 1000,
  },
})

describe.each(['session-headers', 'agent-context-body'] as const)('ingest of %s', (name) => {
  const dialect = dialects[name]
  const open = (options: { capacity?: number } = {}) => {
    const rows: { event_type: string; tool: Record<string, unknown> }[] = []
    const log = { write: (row: object) => rows.push(row as (typeof rows)[number]) }
    const ingest = createToolIngest({ dialect, log, now: () => 3000.4, ...options })
    const take = (event: ToolEvent) => {
      ingest.accept(dialect.encodeToolEvent(context, event))
    }
    return { ingest, rows, take }
  }

  test('a call that never ended is closed as cancelled, once, in a row that validates', () => {
    const { ingest, rows, take } = open()
    take(started('a'))
    take(started('b'))
    take(ended('a'))
    ingest.cancelOpen()
    ingest.cancelOpen()
    expect(rows.map(({ event_type, tool }) => [event_type, tool.tool_call_id, tool.status])).toEqual([
      ['tool_start', 'a', 'running'],
      ['tool_start', 'b', 'running'],
      ['tool_end', 'a', 'succeeded'],
      ['tool_end', 'b', 'cancelled'],
    ])
    expect(rows.at(-1)?.tool).toEqual({
      tool_call_id: 'b',
      tool_class: 'bash',
      started_at_unix_ms: 1000,
      ended_at_unix_ms: 3000,
      status: 'cancelled',
      duration_ms: 2000,
    })
    for (const event of rows) expect(traceLineSchema.safeParse({ timestamp: 0, event }).error).toBeUndefined()
    expect(ingest.counters).toMatchObject({ accepted: 3, cancelled: 1 })
  })

  test('an end that comes after that is dropped as late, and a new start makes it good again', () => {
    const { ingest, rows, take } = open()
    take(started('a'))
    ingest.cancelOpen()
    take(ended('a'))
    expect(ingest.counters).toMatchObject({ dropped: 1, droppedByReason: { late: 1 } })
    take(started('a'))
    take(ended('a'))
    expect(rows.map(({ tool }) => tool.status)).toEqual(['running', 'cancelled', 'running', 'succeeded'])
  })

  test('what remembers open calls is bounded: the oldest is closed to make room', () => {
    const { ingest, rows, take } = open({ capacity: 2 })
    for (const id of ['a', 'b', 'c']) take(started(id))
    expect(rows.find(({ tool }) => tool.status === 'cancelled')?.tool.tool_call_id).toBe('a')
    expect(ingest.counters.cancelled).toBe(1)
  })

  test('what is no tool event is dropped and counted by reason, and reasons cannot pile up', () => {
    const { ingest, rows } = open()
    ingest.accept(3)
    ingest.accept({ schema: 'nope' })
    ingest.accept({ schema: 'nope' })
    ingest.reject('frame-count')
    expect(ingest.counters.droppedByReason).toMatchObject({ 'expected a map': 1, 'frame-count': 1 })
    for (let reason = 0; reason < 1000; reason++) ingest.reject(String(reason))
    expect(ingest.counters.dropped).toBe(1004)
    expect(Object.keys(ingest.counters.droppedByReason).length).toBeLessThan(40)
    expect(ingest.counters.droppedByReason.other).toBeGreaterThan(900)
    expect(rows).toEqual([])
  })
})

describe('over a real socket', () => {
  test.each(['1.2', '1.3+'] as const)('events of %s become rows, and drain closes what is open', async (generation) => {
    const { frontend, rows } = await startTraced({ generation, toolEvents: {} })
    const { 'agent-context-body': body, 'session-headers': headers } = dialects
    const [dialect, other] = generation === '1.2' ? [body, headers] : [headers, body]
    const relay = createToolEventRelay({ endpoint: frontend.toolEventsEndpoint!, dialect })
    const calls = Array.from({ length: 50 }, (_, index) => `call-${index}`)
    for (const id of calls) relay.send(context, started(id))
    for (const id of calls.slice(1)) relay.send(context, ended(id))
    await relay.close()
    const foreign = createToolEventRelay({ endpoint: frontend.toolEventsEndpoint!, dialect: other })
    foreign.send(context, started('x'))
    await foreign.close()
    await until(() => frontend.counters.toolEvents.accepted === 99 && frontend.counters.toolEvents.dropped === 1)
    const lines = await rows()
    for (const line of lines) expect(traceLineSchema.safeParse(line).error).toBeUndefined()
    expect(lines).toHaveLength(100)
    expect(lines.at(-1)?.event.tool).toMatchObject({ tool_call_id: 'call-0', status: 'cancelled' })
    expect(frontend.counters.toolEvents).toMatchObject({ accepted: 99, dropped: 1, cancelled: 1 })
    expect(frontend.counters.rows).toEqual({ written: 100, dropped: 0 })
  })

  test('an address that is taken or is none is refused before anything runs', async () => {
    const { frontend } = await startTraced({ toolEvents: {} })
    await expect(startTraced({ toolEvents: { bind: frontend.toolEventsEndpoint! } })).rejects.toMatchObject({
      code: 'DYN_PORT_IN_USE',
    })
    await expect(startTraced({ toolEvents: { bind: 'nonsense' } })).rejects.toMatchObject({
      code: 'DYN_INVALID_ENDPOINT',
    })
  })
})
