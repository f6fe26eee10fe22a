// SPDX-License-Identifier: Apache-2.0
import { CONTINUED, spread } from '../varint'

/** A track, which may be a lane. Uuids are as they stand in the file. */
@unmanaged
export class Lane {
  track: u64
  /** Where the stages of requests are drawn: the same track, unless they have one of their own. */
  stages: u64
  /** Up to when it stays free from a mark of its set on, -Infinity where it was taken then; and which mark that is. */
  freeUntil: f64
  mark: u32
  /** The next lane of the set, 0 for the last one. */
  next: usize
}

export function keepTrack(low: u32, high: u32): Lane {
  return createLane(low, high, low, high)
}

export function createLane(low: u32, high: u32, stagesLow: u32, stagesHigh: u32): Lane {
  const lane = new Lane()
  lane.track = encode(low, high)
  lane.stages = encode(stagesLow, stagesHigh)
  lane.freeUntil = -Infinity
  lane.mark = 0
  lane.next = 0
  return lane
}

/** Uuids have 56 bits, in halves of 28: eight bytes of a varint, the last of which is followed by none. */
function encode(low: u32, high: u32): u64 {
  return spread(<u64>low | (<u64>high << 28)) | (CONTINUED >>> 8)
}
