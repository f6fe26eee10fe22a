// SPDX-License-Identifier: Apache-2.0
import type { TrajectoryState } from '../../model/model-sink.ts'
import { annotationKey, putStringId } from './annotation.ts'
import type { EventMemory } from './event-memory.ts'
import type { Fields, Lane, LaneSet } from './event-module.ts'
import type { DrawnHarness } from './harness-drawing.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { trackEvent } from './schema.ts'
import type { StringNumbers } from './string-numbers.ts'
import { trajectoryTrack } from './trace-tracks.ts'
import type { TrackId } from './track-id.ts'

/** A trajectory as far as it is drawn. */
export class DrawnTrajectory {
  readonly track: TrackId
  /** What all its slices say of it. */
  readonly identity: Fields
  requests: LaneSet | undefined = undefined
  tools: LaneSet | undefined = undefined
  harness: DrawnHarness | undefined = undefined
  #lane: Lane | undefined = undefined
  #earlierLane: Lane | undefined = undefined
  #earlierUntilMs = -Infinity

  constructor(track: TrackId, identity: Fields) {
    this.track = track
    this.identity = identity
  }

  /** Remembers where a request is drawn. */
  rememberLane(lane: Lane, startMs: number): void {
    if (lane === this.#lane) return
    this.#earlierLane = this.#lane
    this.#earlierUntilMs = startMs
    this.#lane = lane
  }

  /** Where the request stands that ended at a time; a guess where the lanes changed more than once since. */
  laneOfRequest(endMs: number): Lane | undefined {
    return endMs <= this.#earlierUntilMs ? (this.#earlierLane ?? this.#lane) : this.#lane
  }
}

const sessionKey = annotationKey('session_id')
const sessionTypeKey = annotationKey('session_type_id')
const trajectoryKey = annotationKey('trajectory_id')
const parentKey = annotationKey('parent_trajectory_id')

/** Finds what is drawn of a trajectory by its place among all of them. */
export class DrawnTrajectories {
  readonly #memory: EventMemory
  readonly #strings: StringNumbers
  readonly #identity = new ProtoBuffer(64)
  readonly #drawn: (DrawnTrajectory | undefined)[] = []

  constructor(memory: EventMemory, strings: StringNumbers) {
    this.#memory = memory
    this.#strings = strings
  }

  of(trajectory: TrajectoryState): DrawnTrajectory {
    return (this.#drawn[trajectory.index] ??= this.#add(trajectory))
  }

  #add(trajectory: TrajectoryState): DrawnTrajectory {
    const track = trajectoryTrack(trajectory)
    const identity = this.#identity
    identity.cutTo(0)
    // The Perfetto UI picks the colour of a slice by this id.
    identity.varint(trackEvent.correlationId, track.low)
    if (!trajectory.contextFree) {
      this.#put(sessionKey, trajectory.sessionId)
      this.#put(sessionTypeKey, trajectory.sessionTypeId)
      this.#put(trajectoryKey, trajectory.id)
      this.#put(parentKey, trajectory.parentId)
    }
    return new DrawnTrajectory(track, this.#memory.keep(identity))
  }

  #put(key: typeof sessionKey, value: string | undefined): void {
    if (value !== undefined) putStringId(this.#identity, key, this.#strings.value(value))
  }
}
