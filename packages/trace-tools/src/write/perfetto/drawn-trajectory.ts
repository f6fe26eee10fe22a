// SPDX-License-Identifier: Apache-2.0
import type { TrajectoryState } from '../../model/model-sink.ts'
import { annotationKey, putStringId } from './annotation.ts'
import type { DrawnHarness } from './harness-drawing.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { trackEvent } from './schema.ts'
import type { StringNumbers } from './string-numbers.ts'
import { trajectoryTrack } from './trace-tracks.ts'
import type { TrackId } from './track-id.ts'
import type { Lane, TrackLanes } from './track-lanes.ts'

/** A trajectory as far as it is drawn. */
export class DrawnTrajectory {
  readonly track: TrackId
  /** What all its slices say of it: fields of an event, in the buffer that all trajectories share. */
  readonly identityStart: number
  readonly identitySize: number
  requests: TrackLanes | undefined = undefined
  tools: TrackLanes | undefined = undefined
  harness: DrawnHarness | undefined = undefined
  #lane: Lane | undefined = undefined
  #earlierLane: Lane | undefined = undefined
  #earlierUntilMs = -Infinity

  constructor(track: TrackId, identityStart: number, identitySize: number) {
    this.track = track
    this.identityStart = identityStart
    this.identitySize = identitySize
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
  /** What slices say of their trajectories. One buffer takes far less memory than one for each. */
  readonly #identities = new ProtoBuffer()
  readonly #strings: StringNumbers
  readonly #drawn: (DrawnTrajectory | undefined)[] = []

  constructor(strings: StringNumbers) {
    this.#strings = strings
  }

  of(trajectory: TrajectoryState): DrawnTrajectory {
    return (this.#drawn[trajectory.index] ??= this.#add(trajectory))
  }

  /** Appends what an event says of its trajectory: `identitySize` bytes. */
  appendIdentity(buffer: ProtoBuffer, { identityStart, identitySize }: DrawnTrajectory): void {
    buffer.append(this.#identities.view, identityStart, identityStart + identitySize)
  }

  #add(trajectory: TrajectoryState): DrawnTrajectory {
    const track = trajectoryTrack(trajectory)
    const identities = this.#identities
    const start = identities.length
    // The Perfetto UI picks the colour of a slice by this id.
    identities.varint(trackEvent.correlationId, track.low)
    if (!trajectory.contextFree) {
      this.#put(sessionKey, trajectory.sessionId)
      this.#put(sessionTypeKey, trajectory.sessionTypeId)
      this.#put(trajectoryKey, trajectory.id)
      this.#put(parentKey, trajectory.parentId)
    }
    return new DrawnTrajectory(track, start, identities.length - start)
  }

  #put(key: typeof sessionKey, value: string | undefined): void {
    if (value !== undefined) putStringId(this.#identities, key, this.#strings.value(value))
  }
}
