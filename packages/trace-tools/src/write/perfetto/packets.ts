// SPDX-License-Identifier: Apache-2.0
import { EventMemory } from './event-memory.ts'
import { createEventModule, type EventModule } from './event-module.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import {
  childOrdering,
  counterDescriptor,
  sequenceFlag,
  siblingMergeBehavior,
  trace,
  trackDescriptor,
  tracePacket,
} from './schema.ts'
import { TrackId } from './track-id.ts'
import { describeLane } from './track-lanes.ts'

/**
 * The same in each file: the first packet of a file that follows another one
 * says that whatever was numbered before is void.
 */
const SEQUENCE_ID = 1

/** A row of the timeline. */
export interface TrackDescription {
  readonly id: TrackId
  readonly name: string
  readonly parent?: TrackId
  /** Place among the children of its parent. */
  readonly rank: number
  /** Shown as help. */
  readonly description?: string
  /** Makes it a track of counter values. */
  readonly unit?: string
  /** Counters with the same one share their axis. */
  readonly scale?: string
}

/**
 * Writes the packets of one sequence. Those of one track must come so that
 * slices nest: at the same nanosecond the order in the file decides.
 *
 * Events are by far the most of a file, and are encoded in WebAssembly.
 */
export class Packets {
  readonly events: EventModule
  readonly memory: EventMemory
  readonly #packet = new ProtoBuffer(1 << 10)

  /** @param separateStages The stages of requests have tracks of their own. */
  constructor({ separateStages = false }: { readonly separateStages?: boolean } = {}) {
    this.events = createEventModule({
      describeLane: (set, kind, ...[low, high, number]) => {
        describeLane(this, { set, kind, parent: new TrackId(low, high), number, separateStages })
      },
    })
    this.memory = new EventMemory(this.events)
  }

  /** @param write Writes the fields of a packet that is no event. */
  packet(write: (buffer: ProtoBuffer) => void, flags: number = sequenceFlag.needsIncrementalState): void {
    const buffer = this.#packet
    buffer.open(trace.packet)
    buffer.varint(tracePacket.trustedPacketSequenceId, SEQUENCE_ID)
    buffer.varint(tracePacket.sequenceFlags, flags)
    write(buffer)
    buffer.close()
    this.memory.set(this.events.claim(buffer.length), buffer.written)
    buffer.cutTo(0)
  }

  track({ id, name, parent, rank, description, unit, scale }: TrackDescription): void {
    this.packet((buffer) => {
      buffer.open(tracePacket.trackDescriptor)
      buffer.varint64(trackDescriptor.uuid, id.uuid)
      buffer.text(trackDescriptor.name, name)
      if (parent) buffer.varint64(trackDescriptor.parentUuid, parent.uuid)
      buffer.varint(trackDescriptor.childOrdering, childOrdering.explicit)
      buffer.varint(trackDescriptor.siblingOrderRank, rank)
      // Siblings of one name are different things here: two trajectories, say.
      buffer.varint(trackDescriptor.siblingMergeBehavior, siblingMergeBehavior.none)
      if (description !== undefined) buffer.text(trackDescriptor.description, description)
      if (unit !== undefined) {
        buffer.open(trackDescriptor.counter)
        buffer.text(counterDescriptor.unitName, unit)
        if (scale !== undefined) buffer.text(counterDescriptor.yAxisShareKey, scale)
        buffer.close()
      }
      buffer.close()
    })
  }
}
