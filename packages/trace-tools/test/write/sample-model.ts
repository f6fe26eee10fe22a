// SPDX-License-Identifier: Apache-2.0
import type { RequestMetrics } from '@dynamo-agent/core'
import type { Edge, Request, Session, ToolSpan, TraceModel, Trajectory } from '../../src/model/trace-model.ts'

/** When the sample begins: a whole second, so that expectations are easy to read. */
export const T0 = 1_700_000_000_000

/** Times are milliseconds after T0. */
export function request(
  startMs: number,
  endMs: number,
  given: Partial<RequestMetrics> & { stages?: Request['stages'] } = {},
): Request {
  const { stages, ...metrics } = given
  const ttftMs = metrics.ttftMs
  return {
    kind: 'request',
    startMs: T0 + startMs,
    endMs: T0 + endMs,
    record: {
      type: 'request_end',
      schema: 'dynamo.request.trace.v1',
      eventTimeMs: Math.round(T0 + endMs),
      source: 'dynamo',
      request: {
        requestId: `request-${startMs}-${endMs}`,
        model: 'tiny-model',
        receivedMs: T0 + startMs,
        totalMs: endMs - startMs,
        ...metrics,
      },
    },
    stages: stages ?? (ttftMs === undefined ? [] : threeStages(startMs, endMs, ttftMs)),
    ...(ttftMs !== undefined && { firstTokenMs: T0 + startMs + ttftMs }),
  }
}

function threeStages(startMs: number, endMs: number, ttftMs: number): Request['stages'] {
  const [start, first, end] = [T0 + startMs, T0 + startMs + ttftMs, T0 + endMs]
  const wait = start + ttftMs / 4
  return [
    { name: 'prefill wait', startMs: start, endMs: wait },
    { name: 'prefill', startMs: wait, endMs: first },
    { name: 'decode', startMs: first, endMs: end },
  ]
}

export function tool(startMs: number, endMs: number, given: Partial<ToolSpan> & { id?: string } = {}): ToolSpan {
  const { id = `call-${startMs}-${endMs}`, ...rest } = given
  return {
    kind: 'tool',
    startMs: T0 + startMs,
    endMs: T0 + endMs,
    timing: 'measured',
    failed: false,
    call: {
      toolCallId: id,
      toolClass: 'bash',
      startedAtMs: T0 + startMs,
      endedAtMs: T0 + endMs,
      status: 'succeeded',
      durationMs: endMs - startMs,
      outputBytes: 42,
    },
    ...rest,
  }
}

export function trajectory(
  id: string,
  content: { parentId?: string; depth?: number; requests?: Request[]; toolCalls?: ToolSpan[] },
): Trajectory {
  const { requests = [], toolCalls = [], depth = 0, parentId } = content
  const all = [...requests, ...toolCalls]
  return {
    id,
    depth,
    ...(parentId !== undefined && { parentId }),
    startMs: Math.min(...all.map(({ startMs }) => startMs)),
    endMs: Math.max(...all.map(({ endMs }) => endMs)),
    requests,
    toolCalls,
  }
}

export function session(id: string | undefined, trajectories: Trajectory[], sessionTypeId?: string): Session {
  return {
    ...(id !== undefined && { id }),
    ...(sessionTypeId !== undefined && { sessionTypeId }),
    startMs: Math.min(...trajectories.map(({ startMs }) => startMs)),
    endMs: Math.max(...trajectories.map(({ endMs }) => endMs)),
    trajectories,
  }
}

export function model(sessions: Session[], edges: Edge[] = []): TraceModel {
  if (sessions.length === 0) return { sessions, edges }
  return {
    sessions,
    edges,
    interval: {
      startMs: Math.min(...sessions.map(({ startMs }) => startMs)),
      endMs: Math.max(...sessions.map(({ endMs }) => endMs)),
    },
  }
}

/**
 * Two sessions and what named none. In the first an agent calls two tools at
 * once, one of which runs a subagent that has a subagent of its own.
 */
export function sampleModel(): TraceModel {
  const first = request(0, 100, {
    ttftMs: 40,
    inputTokens: 1000,
    outputTokens: 20,
    cachedTokens: 512,
    avgItlMs: 3,
    kvHitRate: 0.512,
    queueDepth: 2,
    xRequestId: 'x-1',
    worker: { prefillWorkerId: 18446744073709551615n, prefillDpRank: 0, decodeWorkerId: 9007199254740993n },
    finish: {
      finishReason: 'tool_calls',
      toolCalls: [
        { choiceIndex: 0, toolCallIndex: 0, id: 'call-bash', name: 'bash' },
        { choiceIndex: 0, toolCallIndex: 1, id: 'call-task', name: 'task' },
      ],
      choices: [{ choiceIndex: 0, finishReason: 'tool_calls' }],
    },
  })
  const bash = tool(110, 300, { id: 'call-bash', failed: true })
  const task = tool(110, 900, {
    id: 'call-task',
    call: { toolCallId: 'call-task', toolClass: 'task' },
    timing: 'paired',
  })
  const second = request(900, 1000.75, { ttftMs: 10.5, queueDepth: 0 })
  const childRequest = request(150, 400, { ttftMs: 50 })
  const grandchildRequest = request(420, 500)
  const unended = tool(700, 900, {
    id: 'call-lost',
    timing: 'unended',
    call: { toolCallId: 'call-lost', toolClass: 'watch' },
  })
  return model(
    [
      session('run', [
        trajectory('run', { requests: [first, second], toolCalls: [bash, task] }),
        trajectory('run.child', { parentId: 'run', depth: 1, requests: [childRequest], toolCalls: [unended] }),
        trajectory('run.child.child', { parentId: 'run.child', depth: 2, requests: [grandchildRequest] }),
        trajectory('run.other', { parentId: 'run', depth: 1, requests: [request(500, 600)] }),
      ]),
      session('old run', [trajectory('main', { requests: [request(200, 260)] })], 'pi_coding_agent'),
      session(undefined, [
        trajectory('request-only', {
          requests: [request(300, 350, { requestId: 'a' }), request(320, 360, { requestId: 'b' })],
        }),
      ]),
    ],
    [
      { kind: 'result', from: bash, to: second, provenance: 'derived' },
      { kind: 'result', from: task, to: second, provenance: 'derived' },
      { kind: 'spawn', from: task, to: childRequest, provenance: 'derived' },
      { kind: 'spawn', from: childRequest, to: grandchildRequest, provenance: 'inferred' },
    ],
  )
}
