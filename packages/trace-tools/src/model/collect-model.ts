// SPDX-License-Identifier: Apache-2.0
import type { RequestRecord, ToolCall, TraceRecord } from '@dynamo-agent/core'
import type { RowReference } from '../read/row-batch.ts'
import { byStart } from './interval.ts'
import type {
  ModelSink,
  PlacedTrajectory,
  RequestSpan,
  SpanVisitor,
  ToolCallSpan,
  TraceOutline,
  TrajectoryState,
} from './model-sink.ts'
import type { Activity, Edge, Request, Session, Stage, ToolSpan, TraceModel, Trajectory } from './trace-model.ts'

/** Keeps all that a streamed model tells, as one model in memory. */
export interface ModelCollector extends ModelSink {
  /** Complete after the end. */
  model(): TraceModel
}

interface Collected {
  readonly requests: Request[]
  readonly toolCalls: ToolSpan[]
}

type SpawnTarget = Pick<Edge, 'to' | 'provenance'>

/** @param recordOf Gives the record of a row; rows must not be forgotten before the end. */
export function createModelCollector(recordOf: (row: RowReference) => TraceRecord): ModelCollector {
  const trajectories: Collected[] = []
  const edges: Edge[] = []
  /** Tool calls by the id of the edge that leads to the request which gets their result. */
  const calls = new Map<number, ToolSpan>()
  /** First requests of trajectories, by the id of the edge from a tool call that comes later. */
  const spawned = new Map<number, SpawnTarget>()
  let sessions: readonly Session[] = []
  let interval: TraceOutline['interval']

  const collector: SpanVisitor = {
    request(span) {
      const request = buildRequest(span)
      collected(span.trajectory).requests.push(request)
      for (const { edgeId } of span.results) {
        const from = calls.get(edgeId)
        if (from === undefined) continue
        edges.push({ kind: 'result', from, to: request, provenance: from.timing === 'inferred' ? 'inferred' : 'derived' })
      }
      const { spawn } = span
      if (spawn?.kind === 'tool') {
        spawned.set(spawn.edgeId, { to: request, provenance: spawn.provenance })
      } else if (spawn !== undefined) {
        const from: Activity | undefined =
          spawn.call === undefined
            ? collected(spawn.parent).requests.findLast(({ endMs }) => endMs === spawn.fromMs)
            : calls.get(spawn.call)
        if (from !== undefined) edges.push({ kind: 'spawn', from, to: request, provenance: spawn.provenance })
      }
    },
    tool(span) {
      if (span.isTwofold === true && span.timing === 'inferred') return
      const call = buildToolCall(span)
      collected(span.trajectory).toolCalls.push(call)
      calls.set(span.edgeId, call)
      for (const edgeId of span.spawns) {
        const target = spawned.get(edgeId)
        if (target !== undefined) edges.push({ kind: 'spawn', from: call, ...target })
      }
    },
  }

  return {
    spans(spans) {
      spans.each(collector)
    },
    end(outline) {
      ;({ interval } = outline)
      sessions = outline.sessions.map(({ trajectories: placed, ...session }) => {
        const ids = new Set(placed.map(({ state }) => state.id))
        return { ...session, trajectories: placed.map((trajectory) => buildTrajectory(trajectory, ids)) }
      })
    },
    model: () => ({
      sessions,
      edges: edges.sort((a, b) => byStart(a.from, b.from) || byStart(a.to, b.to)),
      ...(interval && { interval }),
    }),
  }

  function collected({ index }: TrajectoryState): Collected {
    return (trajectories[index] ??= { requests: [], toolCalls: [] })
  }

  function buildToolCall(span: ToolCallSpan): ToolSpan {
    const { timing, failed, startMs, endMs, asked } = span
    const by = asked && collected(span.trajectory).requests.findLast(({ record }) => record.request.requestId === asked.requestId)
    return {
      kind: 'tool',
      timing,
      call: readCall(span),
      failed,
      startMs,
      endMs,
      ...(asked && by && { asked: { by, as: readAsked(asked) } }),
    }
  }

  function readCall({ row, toolCallId = 'unknown-tool-call', toolClass }: ToolCallSpan): ToolCall {
    const record = row && recordOf(row)
    return record === undefined || record.type === 'request_end' ? { toolCallId, toolClass } : record.tool
  }

  function buildRequest(span: RequestSpan): Request {
    const { startMs, endMs, decodeStartMs } = span
    const firstTokenMs = startMs + decodeStartMs
    const record = recordOf(span.row)
    if (record.type !== 'request_end') throw new TypeError('a request stands on the row of one')
    return {
      kind: 'request',
      record,
      startMs,
      endMs,
      stages: listStages(span),
      ...(isFirstTokenWithin(record, span) && { firstTokenMs }),
    }
  }

  function buildTrajectory({ state, depth, parent }: PlacedTrajectory, ids: ReadonlySet<string>): Trajectory {
    const { id, parentId, startMs, endMs } = state
    const { requests, toolCalls } = collected(state)
    // Where parents form a ring, one of them counts as having none.
    const isCut = parent === undefined && parentId !== undefined && ids.has(parentId)
    return {
      id,
      ...(parentId !== undefined && !isCut && { parentId }),
      depth,
      startMs,
      endMs,
      requests: requests.sort(byStart),
      toolCalls: toolCalls.sort(byStart),
    }
  }
}

/** The stages of a request that have a length. */
export function listStages({ startMs, endMs, waitEndMs, prefillEndMs, decodeStartMs }: RequestSpan): Stage[] {
  const stages: Stage[] = []
  if (waitEndMs > 0) stages.push({ name: 'prefill wait', startMs, endMs: startMs + waitEndMs })
  if (prefillEndMs > waitEndMs) {
    stages.push({ name: 'prefill', startMs: startMs + waitEndMs, endMs: startMs + prefillEndMs })
  }
  if (startMs + decodeStartMs < endMs) stages.push({ name: 'decode', startMs: startMs + decodeStartMs, endMs })
  return stages
}

function isFirstTokenWithin({ request: { ttftMs } }: RequestRecord, { startMs, endMs }: RequestSpan): boolean {
  return ttftMs !== undefined && ttftMs >= 0 && startMs + ttftMs <= endMs
}

function readAsked({ id, name, choiceIndex, toolCallIndex }: NonNullable<ToolCallSpan['asked']>) {
  return { choiceIndex, toolCallIndex, ...(id !== undefined && { id }), ...(name !== undefined && { name }) }
}
