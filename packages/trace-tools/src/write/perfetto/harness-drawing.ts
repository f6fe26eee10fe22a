// SPDX-License-Identifier: Apache-2.0
import type { HarnessEvent, TrajectoryState } from '../../model/model-sink.ts'
import {
  harnessArguments,
  harnessCategory,
  harnessCounters,
  harnessName,
  harnessPoints,
  isLasting,
  type HarnessArgument,
  type HarnessPoint,
} from '../harness-marks.ts'
import type { DrawingContext } from './drawing-context.ts'
import type { DrawnTrajectories } from './drawn-trajectories.ts'
import { NO_FIELDS, type Lane, type LaneSet } from './event-module.ts'
import { HARNESS_LANES } from './lane-kinds.ts'
import type { Packets } from './packets.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { debugAnnotation, trackEvent } from './schema.ts'
import { categories } from './static-strings.ts'
import { rank, trajectoryTrack } from './trace-tracks.ts'
import { TrackId } from './track-id.ts'

/**
 * Draws what harnesses tell: slices and marks on lanes of their own, and the
 * counters of each trajectory. There are few of them, so their texts are
 * written where they stand.
 */
export class HarnessDrawing {
  readonly #packets: Packets
  readonly #trajectories: DrawnTrajectories
  readonly #counters: boolean
  readonly #fields = new ProtoBuffer(1024)
  /** By the places of trajectories. */
  readonly #drawn = new Map<number, DrawnHarness>()

  constructor({ packets, trajectories, options }: DrawingContext) {
    this.#packets = packets
    this.#trajectories = trajectories
    this.#counters = options.counters ?? true
  }

  draw(event: HarnessEvent): void {
    const { startMs, endMs, record, trajectory } = event
    const { events, memory } = this.#packets
    const identity = this.#trajectories.open(trajectory)
    const drawn = this.#drawnOf(trajectory)
    const lane = isLasting(record) ? events.laneFor(drawn.lanes, startMs, endMs) : events.firstLane(drawn.lanes)
    const fields = memory.lendFields(this.#encode(event))
    events.drawSlice(lane, fields, identity, NO_FIELDS, 0, NO_FIELDS, startMs, endMs)
    memory.endLoans()
    if (this.#counters) for (const point of harnessPoints(event)) this.#drawPoint(point, drawn)
  }

  #drawPoint({ counter, timeMs, value }: HarnessPoint, { track, counters }: DrawnHarness): void {
    const counterTrack = (counters[counter] ??= this.#describeCounter(counter, track))
    this.#packets.events.drawCounter(counterTrack, timeMs, value)
  }

  #drawnOf(trajectory: TrajectoryState): DrawnHarness {
    let drawn = this.#drawn.get(trajectory.index)
    if (drawn === undefined) {
      const track = trajectoryTrack(trajectory)
      drawn = { track, lanes: this.#packets.events.createLaneSet(HARNESS_LANES, track.low, track.high), counters: [] }
      this.#drawn.set(trajectory.index, drawn)
    }
    return drawn
  }

  #describeCounter(counter: number, parent: TrackId): Lane {
    const { name = '', unit = '' } = harnessCounters[counter] ?? {}
    const id = TrackId.of('harness counter', String(parent.low), String(parent.high), name)
    this.#packets.track({ id, name, parent, rank: rank.harnessCounters + counter, unit })
    return this.#packets.events.keepTrack(id.low, id.high)
  }

  #encode({ record }: HarnessEvent): ProtoBuffer {
    const fields = this.#fields
    fields.cutTo(0)
    fields.varint(trackEvent.categoryIids, categories.idOf(harnessCategory(record)))
    fields.text(trackEvent.name, harnessName(record))
    for (const argument of harnessArguments(record)) putArgument(fields, argument)
    return fields
  }
}

/** What is drawn of what a harness told of one trajectory. */
interface DrawnHarness {
  readonly track: TrackId
  readonly lanes: LaneSet
  /** By their places in harnessCounters. */
  readonly counters: (Lane | undefined)[]
}

function putArgument(buffer: ProtoBuffer, [name, value]: HarnessArgument): void {
  buffer.open(trackEvent.debugAnnotations)
  buffer.text(debugAnnotation.name, name)
  if (typeof value === 'string') buffer.text(debugAnnotation.stringValue, value)
  else if (typeof value === 'boolean') buffer.varint(debugAnnotation.boolValue, value ? 1 : 0)
  else if (Number.isSafeInteger(value) && value >= 0) buffer.varint(debugAnnotation.intValue, value)
  else buffer.double(debugAnnotation.doubleValue, value)
  buffer.close()
}
