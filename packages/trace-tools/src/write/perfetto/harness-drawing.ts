// SPDX-License-Identifier: Apache-2.0
import type { HarnessEvent } from '../../model/model-sink.ts'
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
import type { DrawnTrajectory } from './drawn-trajectory.ts'
import { NO_FIELDS, type Lane, type LaneSet } from './event-module.ts'
import { LentFields } from './lent-fields.ts'
import type { Packets } from './packets.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { debugAnnotation, trackEvent } from './schema.ts'
import { categories } from './static-strings.ts'
import { rank } from './trace-tracks.ts'
import { TrackId } from './track-id.ts'
import { TrackLanes } from './track-lanes.ts'

/**
 * Draws what harnesses tell: slices and marks on lanes of their own, and the
 * counters of each trajectory. There are few of them, so their texts are
 * written where they stand.
 */
export class HarnessDrawing {
  readonly #packets: Packets
  readonly #lanes: TrackLanes
  readonly #lent: LentFields
  readonly #counters: boolean
  readonly #fields = new ProtoBuffer(1024)

  constructor({ packets, options }: DrawingContext) {
    this.#packets = packets
    this.#lent = new LentFields(packets.memory)
    this.#lanes = new TrackLanes(packets, { name: 'harness', firstRank: rank.harnessLanes, separateStages: false })
    this.#counters = options.counters ?? true
  }

  draw(event: HarnessEvent, trajectory: DrawnTrajectory): void {
    const { startMs, endMs, record } = event
    const { events } = this.#packets
    const { lanes } = this.#drawnOf(trajectory)
    const lane = isLasting(record) ? this.#lanes.assign(lanes, startMs, endMs) : this.#lanes.first(lanes)
    const fields = this.#lent.lend(this.#encode(event))
    events.drawSlice(lane, fields, trajectory.identity, 0, NO_FIELDS, startMs, endMs)
    if (this.#counters) for (const point of harnessPoints(event)) this.#drawPoint(point, trajectory)
  }

  #drawPoint({ counter, timeMs, value }: HarnessPoint, trajectory: DrawnTrajectory): void {
    const { counters } = this.#drawnOf(trajectory)
    const track = (counters[counter] ??= this.#describeCounter(counter, trajectory.track))
    this.#packets.events.drawCounter(track, timeMs, value)
  }

  #drawnOf(trajectory: DrawnTrajectory): DrawnHarness {
    return (trajectory.harness ??= { lanes: this.#lanes.below(trajectory.track), counters: [] })
  }

  #describeCounter(counter: number, parent: TrackId): Lane {
    const { name = '', unit = '' } = harnessCounters[counter] ?? {}
    const id = new TrackId('harness counter', String(parent.low), String(parent.high), name)
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
export interface DrawnHarness {
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
