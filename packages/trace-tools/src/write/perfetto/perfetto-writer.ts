// SPDX-License-Identifier: Apache-2.0
import type { HarnessEvent, ModelSink, RequestSpan, ToolCallSpan, TraceOutline } from '../../model/model-sink.ts'
import { createCounters, traceCounters } from '../counters.ts'
import { PIECE_BYTES } from '../timeline-format.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { describeSession } from './describe-session.ts'
import { DrawnTrajectories } from './drawn-trajectory.ts'
import type { Lane } from './event-module.ts'
import { HarnessDrawing } from './harness-drawing.ts'
import { Packets } from './packets.ts'
import { writePreamble } from './preamble.ts'
import { RecentCalls } from './recent-calls.ts'
import { RequestDrawing } from './request-drawing.ts'
import { StringNumbers } from './string-numbers.ts'
import { ToolDrawing } from './tool-drawing.ts'
import { rank, rootTrack } from './trace-tracks.ts'
import { TrackId } from './track-id.ts'
import { TrackLanes } from './track-lanes.ts'

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
  readonly #trajectories = new DrawnTrajectories(this.#packets.memory, this.#strings)
  readonly #requests: RequestDrawing
  readonly #tools: ToolDrawing
  readonly #harness: HarnessDrawing
  readonly #counters: ModelSink | undefined
  readonly #counterTracks: (Lane | undefined)[] = []
  #hasBegun = false

  constructor(options: TimelineOptions, emit: (piece: Uint8Array) => void) {
    this.#emit = emit
    const packets = this.#packets
    const context = {
      packets,
      strings: this.#strings,
      trajectories: this.#trajectories,
      recentCalls: new RecentCalls(),
      toolLanes: new TrackLanes(packets, { name: 'tools', firstRank: rank.toolLanes, separateStages: false }),
      options,
    }
    this.#requests = new RequestDrawing(context)
    this.#tools = new ToolDrawing(context)
    this.#harness = new HarnessDrawing(context)
    this.#counters = (options.counters ?? true) ? createCounters(this.#drawCounter.bind(this)) : undefined
  }

  request(request: RequestSpan): void {
    if (!this.#hasBegun) this.#begin(request)
    this.#requests.draw(request, this.#trajectories.of(request.trajectory))
    this.#counters?.request(request)
    this.#emitFrom(PIECE_BYTES)
  }

  tool(call: ToolCallSpan): void {
    const { trajectory: state, timing, isTwofold } = call
    if (!this.#hasBegun) this.#begin(call)
    const trajectory = this.#trajectories.of(state)
    if (timing === 'unended') this.#tools.drawStart(call, trajectory)
    // One that is drawn already, as inferred, started but is not drawn twice.
    if (isTwofold !== true || timing !== 'unended') {
      this.#tools.draw(call, trajectory)
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
      for (const [index, session] of outline.sessions.entries()) {
        describeSession(this.#packets, session, index)
        this.#emitFrom(PIECE_BYTES)
      }
    }
    this.#emitFrom(1)
  }

  #begin({ trajectory, startMs }: RequestSpan | ToolCallSpan | HarnessEvent): void {
    this.#hasBegun = true
    const flows = new TrackId('flows', trajectory.sessionId ?? '', trajectory.id, String(startMs))
    this.#packets.events.setFlowSeed(flows.low)
    writePreamble(this.#packets, startMs)
  }

  #drawCounter(counter: number, timeMs: number, value: number): void {
    const track = (this.#counterTracks[counter] ??= this.#describeCounter(counter))
    this.#packets.events.drawCounter(track, timeMs, value)
    // At the end most of them come at once.
    this.#emitFrom(PIECE_BYTES)
  }

  #describeCounter(counter: number): Lane {
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
    return this.#packets.events.keepTrack(id.low, id.high)
  }

  #emitFrom(bytes: number): void {
    const { events, memory } = this.#packets
    if (events.outputBytes() < bytes) return
    this.#emit(memory.packets())
    events.cutTo(0)
  }
}
