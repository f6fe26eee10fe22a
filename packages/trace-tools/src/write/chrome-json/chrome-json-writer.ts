// SPDX-License-Identifier: Apache-2.0
import type {
  AskedCall,
  HarnessEvent,
  RequestSpan,
  SettledSpans,
  SpanVisitor,
  ToolCallSpan,
  TraceOutline,
} from '../../model/model-sink.ts'
import { requestNumber } from '../../read/columns.ts'
import { numberOf } from '../../read/row-batch.ts'
import type { Counters } from '../counters.ts'
import { category } from '../labels.ts'
import type { CreateWriter, TimelineWriter } from '../timeline-format.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { microseconds, roundMicroseconds } from '../whole-microseconds.ts'
import { Arrows } from './arrows.ts'
import { createCounterTracks } from './counter-tracks.ts'
import { EventStream } from './event-stream.ts'
import { FragmentCursor } from './fragments.ts'
import { HarnessEvents } from './harness-events.ts'
import { createIndenter } from './indenter.ts'
import { inferredArguments, toolName } from './inferred-arguments.ts'
import { constant } from './constant.ts'
import type { Lane } from './lanes.ts'
import {
  drawCall,
  requestLength,
  requestStart,
  stretch,
  type DrawnCall,
} from './microseconds.ts'
import { Places, type Place } from './places.ts'
import { RecentCalls, type DrawnSpan } from './recent-spans.ts'
import { Tracks, type Thread } from './tracks.ts'
import { Workers } from './workers.ts'

const slice = constant('"ph":"X","ts":')
const duration = constant(',"dur":')
const argumentsStart = constant(',"args":{')
const closing = constant('}')
const nothing = new Uint8Array(0)
/** How times are known is not part of any row. */
const timings = {
  measured: constant('"timing":"measured",'),
  paired: constant('"timing":"paired",'),
  inferred: constant('"timing":"inferred",'),
  unended: constant('"timing":"unended",'),
}
const stretched = constant('"synthetic_duration":true,"visual_duration_ms":1.0,')

export const createChromeJsonWriter: CreateWriter = (options, emit) =>
  new ChromeJsonWriter(options, options.pretty === true ? createIndenter(emit) : emit)

/**
 * Writes a model as Chrome trace events while it comes. What single rows say
 * is encoded already: this puts it on its thread, and adds what rows say
 * together.
 */
class ChromeJsonWriter implements TimelineWriter, SpanVisitor {
  readonly #stream: EventStream
  readonly #markers: boolean
  readonly #places: Places
  readonly #workers: Workers | undefined
  readonly #arrows: Arrows | undefined
  readonly #counters: Counters | undefined
  readonly #harness: HarnessEvents
  readonly #recentCalls = new RecentCalls()
  readonly #fragments = new FragmentCursor()

  constructor(options: TimelineOptions, emit: (piece: Uint8Array) => void) {
    const { flows = true, counters = true, separateStageTracks = false, by = 'session' } = options
    const separateStages = separateStageTracks && options.stages !== false
    this.#stream = new EventStream(emit)
    this.#markers = options.markers ?? true
    const tracks = new Tracks(this.#stream)
    this.#places = new Places(tracks, { separateStages })
    if (by === 'worker') this.#workers = new Workers(tracks, { separateStages })
    if (flows) this.#arrows = new Arrows(this.#stream)
    if (counters) this.#counters = createCounterTracks(this.#stream, tracks)
    this.#harness = new HarnessEvents(this.#stream, { counters })
  }

  spans(spans: SettledSpans): void {
    spans.each(this)
    this.#counters?.spans(spans)
  }

  request(request: RequestSpan): void {
    const { batch, row } = request.row
    const place = this.#places.of(request.trajectory)
    const start = requestStart(batch, row)
    const end = start + requestLength(batch, row)
    const lane = (this.#workers?.lanesOf(request.row) ?? place.requests).assign(start, end)
    const ttft = this.#markers ? roundMicroseconds(numberOf(request.row, requestNumber.ttftMs)) : Number.NaN
    const leaveBy = ttft > 0 && start + ttft < end ? start + ttft : end
    const span = { thread: lane.thread, start, end, leaveBy }
    place.recentRequests.add(request.endMs, span)
    // Should nobody report what it asked for, that comes when the trace is over.
    place.tools.mark(end)
    this.#drawRequest(request, lane)
    this.#drawArrowsTo(request, span)
  }

  tool(call: ToolCallSpan): void {
    const place = this.#places.of(call.trajectory)
    if (call.timing === 'unended') this.#drawStart(call, place.tools.first().thread)
    if (call.isTwofold === true && call.timing === 'unended') {
      this.#drawSpawns(call, markOf(call, place.tools.first().thread))
      return
    }
    const drawn = call.asked === undefined ? drawCall(call) : drawInferredCall(call.asked, place)
    const { thread } = place.tools.assign(drawn.start, drawn.end)
    const span = { thread, start: drawn.start, end: drawn.end, leaveBy: drawn.end }
    this.#recentCalls.add(call.edgeId, span)
    this.#drawCall(call, drawn, thread)
    if (call.timing !== 'unended' && !call.trajectory.contextFree) this.#arrows?.leaveTool(call, span)
    this.#drawSpawns(call, span)
  }

  harness(event: HarnessEvent): void {
    this.#harness.draw(event, this.#places.of(event.trajectory))
  }

  *end(outline: TraceOutline): Generator<void> {
    this.#counters?.end()
    // The process of the counters is the first one.
    yield* this.#places.arrange(outline, this.#workers?.arrange(1) ?? 1)
    this.#stream.end()
  }

  #drawRequest({ row }: RequestSpan, { thread, stages }: Lane): void {
    const fragments = this.#fragments
    fragments.enterRow(row)
    for (let on = thread; fragments.next(); on = stages) {
      const buffer = this.#stream.begin()
      buffer.raw(on.prefix)
      buffer.copy(fragments.bytes, fragments.start, fragments.end)
      buffer.raw(closing)
    }
  }

  #drawArrowsTo({ results, spawn }: RequestSpan, target: DrawnSpan): void {
    const arrows = this.#arrows
    if (arrows === undefined) return
    for (const call of results) arrows.bringResult(call, target)
    if (spawn?.kind === 'tool') arrows.awaitCall(spawn.edgeId, target)
    else if (spawn?.kind === 'past') {
      const { call, parent, fromMs } = spawn
      const { recentRequests } = this.#places.of(parent)
      const source = call === undefined ? recentRequests.find(fromMs) : this.#recentCalls.find(call)
      if (source !== undefined) arrows.spawn(spawn.edgeId, source, target)
    }
  }

  /** Marks the start of a call that never ended, as its row tells it. */
  #drawStart(call: ToolCallSpan, thread: Thread): void {
    const fragments = this.#enterCall(call)
    if (!fragments.next()) return
    const buffer = this.#stream.begin()
    buffer.raw(thread.prefix)
    buffer.copy(fragments.bytes, fragments.start, fragments.end)
    buffer.raw(argumentsStart)
    if (fragments.next()) buffer.copy(fragments.bytes, fragments.start, fragments.end)
    buffer.endObject()
    buffer.raw(closing)
  }

  #drawCall(call: ToolCallSpan, drawn: DrawnCall, thread: Thread): void {
    const fragments = this.#enterCall(call)
    const buffer = this.#stream.begin()
    buffer.raw(thread.prefix)
    buffer.raw(slice)
    buffer.integer(drawn.start)
    buffer.raw(duration)
    buffer.integer(drawn.end - drawn.start)
    const hasLabel = fragments.next()
    // A start row is labelled as the mark that it makes.
    if (hasLabel && call.timing !== 'unended') buffer.copy(fragments.bytes, fragments.start, fragments.end)
    else buffer.text(labelOf(call))
    buffer.raw(argumentsStart)
    if (call.asked !== undefined) buffer.text(inferredArguments(call.trajectory, call.asked, drawn))
    else if (fragments.next()) buffer.copy(fragments.bytes, fragments.start, fragments.end)
    buffer.raw(timings[call.timing])
    if (drawn.isStretched) buffer.raw(stretched)
    buffer.endObject()
    buffer.raw(closing)
  }

  #drawSpawns({ spawns }: ToolCallSpan, source: DrawnSpan): void {
    for (const edgeId of spawns) this.#arrows?.spawnFromCall(edgeId, source)
  }

  #enterCall({ row, details }: ToolCallSpan): FragmentCursor {
    if (row !== undefined) this.#fragments.enterRow(row)
    else this.#fragments.enter(details ?? nothing)
    return this.#fragments
  }
}

/** From where the request that asked for it is drawn to end up to where the next one begins. */
function drawInferredCall({ startMs, endMs, next }: AskedCall, { recentRequests }: Place): DrawnCall {
  const start = recentRequests.find(endMs, microseconds(startMs))?.end ?? microseconds(endMs)
  const end = next === undefined ? start : microseconds(next.startMs)
  return end > start ? { start, end, isStretched: false } : stretch(start)
}

/** The mark of a call of which nothing else is drawn here. */
function markOf({ startMs }: ToolCallSpan, thread: Thread): DrawnSpan {
  const start = microseconds(startMs)
  return { thread, start, end: start, leaveBy: start }
}

function labelOf({ asked, toolClass }: ToolCallSpan): string {
  const name = toolName(asked === undefined ? toolClass : asked.name)
  return `,"cat":"${category.tool}","name":${JSON.stringify(`Tool: ${name}`)}`
}
