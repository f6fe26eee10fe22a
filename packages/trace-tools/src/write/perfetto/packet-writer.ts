// SPDX-License-Identifier: Apache-2.0
import { createAnnotationWriter, type AnnotationWriter } from './annotations.ts'
import { createInterning } from './interning.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import {
  builtinClock,
  childOrdering,
  clock,
  clockSnapshot,
  counterDescriptor,
  eventType,
  sequenceFlag,
  siblingMergeBehavior,
  trace,
  trackDescriptor,
  trackEvent,
  tracePacket,
} from './schema.ts'

/** A row of the timeline. */
export interface Track {
  readonly uuid: bigint
  readonly name: string
  readonly parent?: Track
  /** Place among the children of its parent. */
  readonly rank: number
  /** Shown as help. */
  readonly description?: string
  /** Makes it a track of counter values. */
  readonly unit?: string
}

/** The start of a slice, or an instant. */
export interface SliceStart {
  readonly name: string
  readonly category: string
  /** Slices that share it are drawn in one colour. */
  readonly correlationId?: bigint
  /** Arrows that leave here. */
  readonly flowIds?: readonly bigint[]
  /** Arrows that arrive here. */
  readonly terminatingFlowIds?: readonly bigint[]
}

/**
 * Writes the packets of one sequence. Those of one track must come so that
 * slices nest: at the same nanosecond the order in the file decides.
 */
export interface PacketWriter {
  readonly buffer: ProtoBuffer
  /** Says that the trace's clock is wall-clock time. */
  clock(timeNs: bigint): void
  track(track: Track): void
  /** @param annotate Writes the facts to show with the slice. */
  begin(at: Moment, slice: SliceStart, annotate?: (annotations: AnnotationWriter) => void): void
  end(at: Moment): void
  instant(at: Moment, slice: SliceStart): void
  counter(at: Moment, value: number): void
}

export interface Moment {
  readonly track: Track
  readonly timeNs: bigint
}

/** @param sequenceId Not 0, and another one in each trace that may be concatenated with this one. */
export function createPacketWriter(sequenceId: number): PacketWriter {
  const buffer = new ProtoBuffer()
  const interning = createInterning(buffer)
  const annotations = createAnnotationWriter(buffer, interning)
  let flags: number = sequenceFlag.incrementalStateCleared | sequenceFlag.needsIncrementalState

  function packet(write: () => void): void {
    buffer.open(trace.packet)
    buffer.varint(tracePacket.trustedPacketSequenceId, sequenceId)
    buffer.varint(tracePacket.sequenceFlags, flags)
    flags = sequenceFlag.needsIncrementalState
    write()
    buffer.close()
  }

  function event({ track, timeNs }: Moment, type: number, write?: () => void): void {
    packet(() => {
      buffer.varint64(tracePacket.timestamp, timeNs)
      buffer.open(tracePacket.trackEvent)
      buffer.varint(trackEvent.type, type)
      buffer.varint64(trackEvent.trackUuid, track.uuid)
      write?.()
      buffer.close()
      interning.flush()
    })
  }

  function writeStart({ name, category, correlationId, flowIds = [], terminatingFlowIds = [] }: SliceStart): void {
    buffer.varint(trackEvent.nameIid, interning.name(name))
    buffer.varint(trackEvent.categoryIids, interning.category(category))
    if (correlationId !== undefined) buffer.varint64(trackEvent.correlationId, correlationId)
    for (const id of flowIds) buffer.fixed64(trackEvent.flowIds, id)
    for (const id of terminatingFlowIds) buffer.fixed64(trackEvent.terminatingFlowIds, id)
  }

  return {
    buffer,
    clock(timeNs) {
      packet(() => {
        buffer.open(tracePacket.clockSnapshot)
        for (const id of [builtinClock.boottime, builtinClock.realtime]) {
          buffer.open(clockSnapshot.clocks)
          buffer.varint(clock.clockId, id)
          buffer.varint64(clock.timestamp, timeNs)
          buffer.close()
        }
        buffer.close()
      })
    },
    track({ uuid, name, parent, rank, description, unit }) {
      packet(() => {
        buffer.open(tracePacket.trackDescriptor)
        buffer.varint64(trackDescriptor.uuid, uuid)
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
          buffer.close()
        }
        buffer.close()
      })
    },
    begin(at, slice, annotate) {
      event(at, eventType.sliceBegin, () => {
        writeStart(slice)
        annotate?.(annotations)
      })
    },
    end(at) {
      event(at, eventType.sliceEnd)
    },
    instant(at, slice) {
      event(at, eventType.instant, () => {
        writeStart(slice)
      })
    },
    counter(at, value) {
      event(at, eventType.counter, () => {
        buffer.varint64(trackEvent.counterValue, BigInt(value))
      })
    },
  }
}
