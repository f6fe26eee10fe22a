// SPDX-License-Identifier: Apache-2.0
import type { Packets } from './packets.ts'
import { builtinClock, clock, clockSnapshot, sequenceFlag, tracePacket } from './schema.ts'
import { writeStaticStrings } from './string-numbers.ts'
import { rootTrack } from './trace-tracks.ts'

/** Writes what stands before the first event: strings to be named by number, what time it is, and the root of all tracks. */
export function writePreamble(packets: Packets, startMs: number): void {
  const nanoseconds = packets.events.nanoseconds(startMs)
  packets.packet(writeStaticStrings, sequenceFlag.incrementalStateCleared | sequenceFlag.needsIncrementalState)
  packets.packet((buffer) => {
    buffer.open(tracePacket.clockSnapshot)
    // The clock of the trace shows wall-clock time.
    for (const id of [builtinClock.boottime, builtinClock.realtime]) {
      buffer.open(clockSnapshot.clocks)
      buffer.varint(clock.clockId, id)
      buffer.varint64(clock.timestamp, nanoseconds)
      buffer.close()
    }
    buffer.close()
  })
  packets.track(rootTrack)
}
