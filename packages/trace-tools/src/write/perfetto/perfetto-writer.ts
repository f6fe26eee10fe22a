// SPDX-License-Identifier: Apache-2.0
import type { HarnessEvent, SettledSpans, TraceOutline, TrajectoryState } from '../../model/model-sink.ts'
import * as told from '../../model/told.ts'
import { createCounters, traceCounters, type Counters } from '../counters.ts'
import { PIECE_BYTES, type TimelineWriter } from '../timeline-format.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { describeSession } from './describe-session.ts'
import { DrawnTrajectories } from './drawn-trajectories.ts'
import type { Lane } from './event-module.ts'
import { HarnessDrawing } from './harness-drawing.ts'
import { Packets } from './packets.ts'
import { writePreamble } from './preamble.ts'
import { SpanDrawing } from './span-drawing.ts'
import { StringNumbers } from './string-numbers.ts'
import { rank, rootTrack } from './trace-tracks.ts'
import { TrackId } from './track-id.ts'

/**
 * Writes what a trace says as a native Perfetto trace, while it is read.
 *
 * A slice is two packets, its begin and its end; the engine sorts packets by
 * time, and only at the same nanosecond does their order in the file count.
 */
export function createPerfettoWriter(options: TimelineOptions, emit: (piece: Uint8Array) => void): TimelineWriter {
  return new PerfettoWriter(options, emit)
}

class PerfettoWriter implements TimelineWriter {
  readonly #emit: (piece: Uint8Array) => void
  readonly #packets: Packets
  readonly #spans: SpanDrawing
  readonly #harness: HarnessDrawing
  readonly #counters: Counters | undefined
  readonly #counterTracks: (Lane | undefined)[] = []
  #hasBegun = false

  constructor(options: TimelineOptions, emit: (piece: Uint8Array) => void) {
    const { stages = true, separateStageTracks = false, counters = true } = options
    const packets = new Packets({ separateStages: stages && separateStageTracks })
    const strings = new StringNumbers(packets)
    const context = { packets, strings, trajectories: new DrawnTrajectories(packets, strings), options }
    this.#emit = emit
    this.#packets = packets
    this.#spans = new SpanDrawing(context)
    this.#harness = new HarnessDrawing(context)
    this.#counters = counters ? createCounters(this.#drawCounter.bind(this)) : undefined
  }

  spans(spans: SettledSpans): void {
    const { values, trajectories } = spans
    const first = trajectories[values[told.TRAJECTORY] ?? -1]
    if (first === undefined) return
    if (!this.#hasBegun) this.#begin(first, values[told.START_MS] ?? 0)
    this.#spans.draw(spans)
    this.#counters?.spans(spans)
    this.#emitFrom(PIECE_BYTES)
  }

  harness(event: HarnessEvent): void {
    if (!this.#hasBegun) this.#begin(event.trajectory, event.startMs)
    this.#harness.draw(event)
    this.#emitFrom(PIECE_BYTES)
  }

  *end(outline: TraceOutline): Generator<void> {
    if (this.#hasBegun) {
      this.#counters?.end()
      for (const [index, session] of outline.sessions.entries()) {
        describeSession(this.#packets, session, index)
        this.#emitFrom(PIECE_BYTES)
        yield
      }
    }
    this.#emitFrom(1)
  }

  #begin({ sessionId = '', id }: TrajectoryState, startMs: number): void {
    this.#hasBegun = true
    const flows = TrackId.of('flows', sessionId, id, String(startMs))
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
    const id = TrackId.of('counter', name)
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
