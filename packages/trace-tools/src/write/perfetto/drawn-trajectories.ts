// SPDX-License-Identifier: Apache-2.0
import type { TrajectoryState } from '../../model/model-sink.ts'
import { annotationKey, putStringId } from './annotation.ts'
import { NO_FIELDS, type Fields } from './event-module.ts'
import type { Packets } from './packets.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { trackEvent } from './schema.ts'
import type { StringNumbers } from './string-numbers.ts'
import { trajectoryTrack } from './trace-tracks.ts'

const sessionKey = annotationKey('session_id')
const sessionTypeKey = annotationKey('session_type_id')
const trajectoryKey = annotationKey('trajectory_id')
const parentKey = annotationKey('parent_trajectory_id')

/** Makes trajectories known to the module before anything of them is drawn. */
export class DrawnTrajectories {
  readonly #packets: Packets
  readonly #strings: StringNumbers
  readonly #identity = new ProtoBuffer(64)
  /** By the places of trajectories: what all their slices say of them, 0 where nothing is drawn yet. */
  #identities = new Uint32Array(64)

  constructor(packets: Packets, strings: StringNumbers) {
    this.#packets = packets
    this.#strings = strings
  }

  /** @returns What all slices of a trajectory say of it. */
  open(trajectory: TrajectoryState): Fields {
    const known = this.#identities[trajectory.index] ?? NO_FIELDS
    return known === NO_FIELDS ? this.#add(trajectory) : known
  }

  /** @returns Whether anything is drawn of the trajectory at a place. */
  isOpen(index: number): boolean {
    return (this.#identities[index] ?? NO_FIELDS) !== NO_FIELDS
  }

  #add(trajectory: TrajectoryState): Fields {
    const { index } = trajectory
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
    const fields = this.#packets.memory.keep(identity)
    this.#packets.events.openTrajectory(index, fields, track.low, track.high)
    if (index >= this.#identities.length) {
      const larger = new Uint32Array(Math.max(index + 1, this.#identities.length * 2))
      larger.set(this.#identities)
      this.#identities = larger
    }
    this.#identities[index] = fields
    return fields
  }

  #put(key: typeof sessionKey, value: string | undefined): void {
    if (value !== undefined) putStringId(this.#identity, key, this.#strings.value(value))
  }
}
