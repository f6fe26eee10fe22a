// SPDX-License-Identifier: Apache-2.0
import { advance, end } from '../output'
import { CONTINUED, putVarint, spread, varintSize } from '../varint'

export const SLICE_BEGIN: u8 = 1
export const SLICE_END: u8 = 2
export const INSTANT: u8 = 3
export const COUNTER: u8 = 4

/** Field numbers and wire types, as perfetto_trace.proto has them. */
const PACKET: u8 = (1 << 3) | 2
const TIMESTAMP: u8 = 8 << 3
const SEQUENCE_ID: u8 = 10 << 3
const TRACK_EVENT: u8 = (11 << 3) | 2
const SEQUENCE_FLAGS: u8 = 13 << 3
const TYPE: u8 = 9 << 3
const TRACK_UUID: u8 = 11 << 3

/** There is one sequence in a file. */
const THE_SEQUENCE: u16 = 1
const NEEDS_INCREMENTAL_STATE: u16 = 2

/** Bytes of an event without its lengths: its type and track, and what the packet says besides. */
const TYPE_AND_TRACK_BYTES: u32 = 11
const TIME_AND_SEQUENCE_BYTES: u32 = 12
const FLAGS_BYTES: u32 = 2

/** Bytes that an event takes at most, without further fields. */
export const EVENT_BYTES: usize = 40

/**
 * Puts an event for which room was reserved. What is the same in all of them
 * stands at fixed places, and their lengths are known before they are written.
 *
 * @param size Bytes of further fields, which the caller appends next.
 */
export function putEvent(type: u8, track: u64, time: u64, size: u32): void {
  const eventBytes = TYPE_AND_TRACK_BYTES + size
  // What has fields of its own may name strings that were written before.
  const flagsBytes: u32 = size === 0 ? 0 : FLAGS_BYTES
  const packetBytes = TIME_AND_SEQUENCE_BYTES + flagsBytes + 1 + varintSize(eventBytes) + eventBytes
  let at = end
  store<u8>(at, PACKET)
  at = putVarint(at + 1, packetBytes)
  store<u8>(at, TIMESTAMP)
  store<u64>(at, spread(time) | CONTINUED, 1)
  store<u8>(at, <u8>(time >>> 56), 9)
  store<u16>(at, <u16>SEQUENCE_ID | (THE_SEQUENCE << 8), 10)
  at += TIME_AND_SEQUENCE_BYTES
  store<u16>(at, <u16>SEQUENCE_FLAGS | (NEEDS_INCREMENTAL_STATE << 8))
  at += flagsBytes
  store<u8>(at, TRACK_EVENT)
  at = putVarint(at + 1, eventBytes)
  store<u16>(at, <u16>TYPE | (<u16>type << 8))
  store<u8>(at, TRACK_UUID, 2)
  store<u64>(at, track, 3)
  advance(at + TYPE_AND_TRACK_BYTES - end)
}
