// SPDX-License-Identifier: Apache-2.0
import { Moment } from './moment.ts'
import { ProtoBuffer, varintSize } from './proto-buffer.ts'
import {
  childOrdering,
  counterDescriptor,
  eventType,
  sequenceFlag,
  siblingMergeBehavior,
  trace,
  trackDescriptor,
  trackEvent,
  tracePacket,
} from './schema.ts'
import type { TrackId } from './track-id.ts'

/** The tags of an event's fields, as they stand in the file: all of them take one byte. */
const tag = {
  packet: (trace.packet << 3) | 2,
  timestamp: tracePacket.timestamp << 3,
  sequenceId: tracePacket.trustedPacketSequenceId << 3,
  sequenceFlags: tracePacket.sequenceFlags << 3,
  trackEvent: (tracePacket.trackEvent << 3) | 2,
  type: trackEvent.type << 3,
  trackUuid: trackEvent.trackUuid << 3,
} as const

/**
 * The same in each file: the first packet of a file that follows another one
 * says that whatever was numbered before is void.
 */
const SEQUENCE_ID = 1

/** Bytes of an event without its lengths: its type and track, and what the packet says besides. */
const TYPE_AND_TRACK_BYTES = 11
const TIME_AND_SEQUENCE_BYTES = 12
const FLAGS_BYTES = 2

/** Bytes that `flow` writes. */
export const FLOW_BYTES = 10

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
 * Events are by far the most of a file. What is the same in all of them stands
 * at fixed places, and their lengths are known before they are written: this
 * takes a tenth of the time of a message that is put together field by field.
 */
export class Packets {
  readonly buffer = new ProtoBuffer(1 << 12)
  readonly #moment = new Moment()
  /** Upper half of the ids of flows, which differs from file to file so that files may be concatenated. */
  flowSeed = 0

  /** Sets the time of the events that follow. */
  at(epochMs: number): void {
    this.#moment.set(epochMs)
  }

  /**
   * Begins a slice.
   *
   * @param size Bytes of further fields of the event, which the caller appends next.
   */
  begin(track: TrackId, size: number): void {
    this.#event(eventType.sliceBegin, track, size)
  }

  /** @param size Bytes of further fields of the event, which the caller appends next. */
  end(track: TrackId, size = 0): void {
    this.#event(eventType.sliceEnd, track, size)
  }

  /**
   * Two instants of one moment would be drawn one inside the other: where that may be, a slice of no length is better.
   *
   * @param size Bytes of further fields of the event, which the caller appends next.
   */
  instant(track: TrackId, size: number): void {
    this.#event(eventType.instant, track, size)
  }

  /** An arrow that leaves here, or that arrives. */
  flow(field: typeof trackEvent.flowIds | typeof trackEvent.terminatingFlowIds, edgeId: number): void {
    const at = this.buffer.claim(FLOW_BYTES)
    const { bytes } = this.buffer
    const key = (field << 3) | 1
    bytes[at] = (key & 0x7f) | 0x80
    bytes[at + 1] = key >>> 7
    put32(bytes, at + 2, edgeId)
    put32(bytes, at + 6, this.flowSeed)
  }

  counter(track: TrackId, value: number): void {
    const { buffer } = this
    // The tags of counter values take two bytes.
    if (Number.isSafeInteger(value) && value >= 0) {
      this.#event(eventType.counter, track, 2 + varintSize(value))
      buffer.varint(trackEvent.counterValue, value)
    } else {
      this.#event(eventType.counter, track, 10)
      buffer.double(trackEvent.doubleCounterValue, value)
    }
  }

  /** @param write Writes the fields of a packet that is no event. */
  packet(write: (buffer: ProtoBuffer) => void, flags: number = sequenceFlag.needsIncrementalState): void {
    const { buffer } = this
    buffer.open(trace.packet)
    buffer.varint(tracePacket.trustedPacketSequenceId, SEQUENCE_ID)
    buffer.varint(tracePacket.sequenceFlags, flags)
    write(buffer)
    buffer.close()
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

  #event(type: number, { low, high }: TrackId, size: number): void {
    const eventBytes = TYPE_AND_TRACK_BYTES + size
    const eventLengthBytes = lengthBytes(eventBytes)
    // What has fields of its own may name strings that were written before.
    const flagsBytes = size === 0 ? 0 : FLAGS_BYTES
    const packetBytes = TIME_AND_SEQUENCE_BYTES + flagsBytes + 1 + eventLengthBytes + eventBytes
    let at = this.buffer.claim(1 + lengthBytes(packetBytes) + packetBytes - size)
    const { bytes } = this.buffer
    const { low: time0, middle: time1, high: time2 } = this.#moment

    bytes[at++] = tag.packet
    at = putLength(bytes, at, packetBytes)
    bytes[at] = tag.timestamp
    bytes[at + 1] = time0 | 0x80
    bytes[at + 2] = (time0 >>> 7) | 0x80
    bytes[at + 3] = (time0 >>> 14) | 0x80
    bytes[at + 4] = (time0 >>> 21) | 0x80
    bytes[at + 5] = time1 | 0x80
    bytes[at + 6] = (time1 >>> 7) | 0x80
    bytes[at + 7] = (time1 >>> 14) | 0x80
    bytes[at + 8] = (time1 >>> 21) | 0x80
    bytes[at + 9] = time2
    bytes[at + 10] = tag.sequenceId
    bytes[at + 11] = SEQUENCE_ID
    at += TIME_AND_SEQUENCE_BYTES
    if (size !== 0) {
      bytes[at++] = tag.sequenceFlags
      bytes[at++] = sequenceFlag.needsIncrementalState
    }
    bytes[at++] = tag.trackEvent
    at = putLength(bytes, at, eventBytes)
    bytes[at] = tag.type
    bytes[at + 1] = type
    bytes[at + 2] = tag.trackUuid
    bytes[at + 3] = low | 0x80
    bytes[at + 4] = (low >>> 7) | 0x80
    bytes[at + 5] = (low >>> 14) | 0x80
    bytes[at + 6] = (low >>> 21) | 0x80
    bytes[at + 7] = high | 0x80
    bytes[at + 8] = (high >>> 7) | 0x80
    bytes[at + 9] = (high >>> 14) | 0x80
    bytes[at + 10] = high >>> 21
  }
}

/** Bytes of a length as a varint. */
function lengthBytes(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : varintSize(length)
}

function putLength(bytes: Uint8Array, start: number, length: number): number {
  let at = start
  let rest = length
  for (; rest >= 0x80; rest >>>= 7) bytes[at++] = rest | 0x80
  bytes[at++] = rest
  return at
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}
