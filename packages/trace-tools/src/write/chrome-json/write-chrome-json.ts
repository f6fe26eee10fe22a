// SPDX-License-Identifier: Apache-2.0
import type { Request, Stage, ToolSpan, TraceModel } from '../../model/trace-model.ts'
import { indexEdges, type EdgeIndex, type NumberedEdge } from '../edge-index.ts'
import { category, FIRST_TOKEN, requestLabel, toolLabel } from '../labels.ts'
import { requestParts } from '../request-parts.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { identityArguments, requestArguments, stageArguments, toolArguments, type Arguments } from './arguments.ts'
import { isStretched, microseconds } from './drawn-span.ts'
import type { ChromeEvent, Thread } from './event.ts'
import { createArrow } from './flows.ts'
import { createThreads, processMetadata, threadMetadata, type Drawn, type LaneThread } from './threads.ts'

/** Characters that each piece of the output but the last one holds at least. */
const CHUNK_LENGTH = 1 << 16

/** What is the same for all that is drawn of one trajectory. */
interface Drawing {
  readonly options: Required<TimelineOptions>
  readonly edges: EdgeIndex
  readonly identity: Arguments
}

/**
 * Writes a model as Chrome trace events, piece by piece: names, categories and
 * arguments are those of the converter that ships with Dynamo. The same model
 * gives the same text. It is a bare array with one event a line, which viewers
 * load even if it was cut off.
 *
 * A session is a process, a lane of a trajectory a thread. Times are integer
 * epoch microseconds.
 */
export function* writeChromeJson(model: TraceModel, options: TimelineOptions = {}): Generator<string, void> {
  const { stages = true, markers = true, flows = true } = options
  let text = '['
  let separator = '\n'
  for (const event of drawModel(model, { stages, markers, flows })) {
    text += separator + JSON.stringify(event)
    separator = ',\n'
    if (text.length < CHUNK_LENGTH) continue
    yield text
    text = ''
  }
  yield `${text}\n]\n`
}

function* drawModel(model: TraceModel, options: Required<TimelineOptions>): Generator<ChromeEvent, void> {
  const layOut = createThreads(model)
  const edges = indexEdges(model)
  for (const [index, session] of model.sessions.entries()) {
    const pid = index + 1
    yield* processMetadata(session, pid)
    for (const trajectory of session.trajectories) {
      const drawing = { options, edges, identity: identityArguments(session, trajectory) }
      yield* drawTrajectory(drawing, {
        requests: layOut({ pid, trajectory, suffix: '' }, trajectory.requests),
        toolCalls: layOut({ pid, trajectory, suffix: ' tools' }, trajectory.toolCalls),
      })
    }
  }
}

/** Where an arrow leaves and arrives at the same time, its departure must come first; so tools come before requests. */
function* drawTrajectory(
  drawing: Drawing,
  lanes: { readonly requests: readonly LaneThread<Request>[]; readonly toolCalls: readonly LaneThread<ToolSpan>[] },
): Generator<ChromeEvent, void> {
  for (const lane of [...lanes.requests, ...lanes.toolCalls]) yield* threadMetadata(lane)
  for (const { pid, tid, items } of lanes.toolCalls) {
    for (const item of items) yield* drawToolCall(drawing, item, { pid, tid })
  }
  for (const { pid, tid, items } of lanes.requests) {
    for (const item of items) yield* drawRequest(drawing, item, { pid, tid })
  }
}

function* drawToolCall(drawing: Drawing, item: Drawn<ToolSpan>, thread: Thread): Generator<ChromeEvent, void> {
  const { activity: tool, start: ts, end } = item
  const leaving = drawing.edges.leaving(tool)
  const next = leaving.find(({ kind }) => kind === 'result')?.to
  const length = isStretched(tool) ? { synthetic_duration: true, visual_duration_ms: (end - ts) / 1000 } : {}
  const args = { ...drawing.identity, ...toolArguments(tool, next), ...length }
  yield { ph: 'X', ...thread, ts, dur: end - ts, name: toolLabel(tool), cat: category.tool, args }
  yield* drawDepartures(drawing, leaving, thread)
}

function* drawRequest(drawing: Drawing, item: Drawn<Request>, thread: Thread): Generator<ChromeEvent, void> {
  const { activity: request, start: ts, end } = item
  const { options, edges, identity } = drawing
  for (const edge of options.flows ? edges.reaching(request) : []) {
    const arrow = createArrow(edge, options)
    if (arrow) yield arrow.arriveOn(thread)
  }
  const args = { ...identity, ...requestArguments(request) }
  yield { ph: 'X', ...thread, ts, dur: end - ts, name: requestLabel(request), cat: category.request, args }
  for (const part of requestParts(request, options)) {
    const event = part.kind === 'stage' ? stageEvent(request, part, thread) : firstTokenEvent(request, part, thread)
    if (event) yield event
  }
  yield* drawDepartures(drawing, edges.leaving(request), thread)
}

/** Undefined for a stage that is shorter than can be drawn. */
function stageEvent(request: Request, { name, startMs, endMs }: Stage, thread: Thread): ChromeEvent | undefined {
  const ts = microseconds(startMs)
  const dur = microseconds(endMs) - ts
  if (dur <= 0) return undefined
  return { ph: 'X', ...thread, ts, dur, name, cat: category.stage, args: stageArguments(request, name) }
}

function firstTokenEvent(request: Request, { startMs }: { readonly startMs: number }, thread: Thread): ChromeEvent {
  const args = { ttft_ms: request.record.request.ttftMs }
  return { ph: 'i', s: 't', ...thread, ts: microseconds(startMs), name: FIRST_TOKEN, cat: category.marker, args }
}

function* drawDepartures(
  { options }: Drawing,
  leaving: readonly NumberedEdge[],
  thread: Thread,
): Generator<ChromeEvent, void> {
  for (const edge of options.flows ? leaving : []) {
    const arrow = createArrow(edge, options)
    if (arrow) yield arrow.departOn(thread)
  }
}
