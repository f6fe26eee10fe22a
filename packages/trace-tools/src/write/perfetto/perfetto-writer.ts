// SPDX-License-Identifier: Apache-2.0
import type { HarnessEvent, ModelSink, RequestSpan, ToolCallSpan, TraceOutline } from '../../model/model-sink.ts'
import { createCounters, traceCounters } from '../counters.ts'
import { PIECE_BYTES } from '../timeline-format.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { describeOutline } from './describe-outline.ts'
import { DrawnTrajectories } from './drawn-trajectory.ts'
import { HarnessDrawing } from './harness-drawing.ts'
import { Packets } from './packets.ts'
import { writePreamble } from './preamble.ts'
import { RecentCalls } from './recent-calls.ts'
import { RequestDrawing } from './request-drawing.ts'
import { StringNumbers } from './string-numbers.ts'
import { ToolDrawing } from './tool-drawing.ts'
import { rank, rootTrack } from './trace-tracks.ts'
import { TrackId } from './track-id.ts'
import { TrackLanes, type LaneKind } from './track-lanes.ts'
import { WorkerTracks } from './worker-tracks.ts'

/**
 * Writes what a trace says as a native Perfetto trace, while it is read.
 *
 * A slice is two packets, its begin and its end; the engine sorts packets by
 * time, and only at the same nanosecond does their order in the file count.
 */
export function createPerfettoWriter(options: TimelineOptions, emit: (piece: Uint8Array) => void): ModelSink {
  return new PerfettoWriter(options, emit)
}

class PerfettoWriter implements ModelSink {
  readonly #emit: (piece: Uint8Array) => void
  readonly #packets = new Packets()
  readonly #strings = new StringNumbers(this.#packets)
  readonly #trajectories = new DrawnTrajectories(this.#strings)
  readonly #requests: RequestDrawing
  readonly #tools: ToolDrawing
  readonly #harness: HarnessDrawing
  readonly #requestLanes: LaneKind
  readonly #toolLanes: LaneKind
  readonly #workers: WorkerTracks | undefined
  readonly #counters: ModelSink | undefined
  readonly #counterTracks: (TrackId | undefined)[] = []
  #hasBegun = false

  constructor(options: TimelineOptions, emit: (piece: Uint8Array) => void) {
    this.#emit = emit
    const packets = this.#packets
    const context = {
      packets,
      strings: this.#strings,
      trajectories: this.#trajectories,
      recentCalls: new RecentCalls(),
      options,
    }
    this.#requests = new RequestDrawing(context)
    this.#tools = new ToolDrawing(context)
    this.#harness = new HarnessDrawing(context)
    const separateStages = (options.stages ?? true) && (options.separateStageTracks ?? false)
    this.#requestLanes = { packets, name: 'LLM', firstRank: rank.requestLanes, separateStages }
    this.#toolLanes = { packets, name: 'tools', firstRank: rank.toolLanes, separateStages: false }
    this.#workers = options.by === 'worker' ? new WorkerTracks(this.#requestLanes) : undefined
    this.#counters = (options.counters ?? true) ? createCounters(this.#drawCounter.bind(this)) : undefined
  }

  request(request: RequestSpan): void {
    const { row, startMs, endMs, trajectory: state } = request
    if (!this.#hasBegun) this.#begin(request)
    const trajectory = this.#trajectories.of(state)
    const lanes =
      this.#workers?.lanesOf(row) ?? (trajectory.requests ??= new TrackLanes(trajectory.track, this.#requestLanes))
    this.#requests.draw(request, trajectory, lanes.assign(startMs, Math.max(startMs, endMs)))
    // Should nobody report what it asked for, that comes when the trace is over.
    trajectory.tools?.mark(endMs)
    this.#counters?.request(request)
    this.#emitFrom(PIECE_BYTES)
  }

  tool(call: ToolCallSpan): void {
    const { trajectory: state, timing, isTwofold } = call
    if (!this.#hasBegun) this.#begin(call)
    const trajectory = this.#trajectories.of(state)
    const lanes = (trajectory.tools ??= new TrackLanes(trajectory.track, this.#toolLanes))
    if (timing === 'unended') this.#tools.drawStart(call, trajectory, lanes.first())
    // One that is drawn already, as inferred, started but is not drawn twice.
    if (isTwofold !== true || timing !== 'unended') {
      this.#tools.draw(call, trajectory, lanes)
      this.#counters?.tool(call)
    }
    this.#emitFrom(PIECE_BYTES)
  }

  harness(event: HarnessEvent): void {
    if (!this.#hasBegun) this.#begin(event)
    this.#harness.draw(event, this.#trajectories.of(event.trajectory))
    this.#emitFrom(PIECE_BYTES)
  }

  end(outline: TraceOutline): void {
    if (this.#hasBegun) {
      this.#counters?.end(outline)
      describeOutline(this.#packets, outline)
    }
    this.#emitFrom(1)
  }

  #begin({ trajectory, startMs }: RequestSpan | ToolCallSpan | HarnessEvent): void {
    this.#hasBegun = true
    this.#packets.flowSeed = new TrackId('flows', trajectory.sessionId ?? '', trajectory.id, String(startMs)).low
    writePreamble(this.#packets, startMs)
  }

  #drawCounter(counter: number, timeMs: number, value: number): void {
    const track = (this.#counterTracks[counter] ??= this.#describeCounter(counter))
    this.#packets.at(timeMs)
    this.#packets.counter(track, value)
    // At the end most of them come at once.
    this.#emitFrom(PIECE_BYTES)
  }

  #describeCounter(counter: number): TrackId {
    const { name = '', unit = '', scale } = traceCounters[counter] ?? {}
    const id = new TrackId('counter', name)
    this.#packets.track({
      id,
      name,
      parent: rootTrack.id,
      rank: rank.counters + counter,
      unit,
      ...(scale !== undefined && { scale }),
    })
    return id
  }

  #emitFrom(bytes: number): void {
    const { buffer } = this.#packets
    if (buffer.length < bytes) return
    this.#emit(buffer.bytes.subarray(0, buffer.length))
    buffer.cutTo(0)
  }
}
