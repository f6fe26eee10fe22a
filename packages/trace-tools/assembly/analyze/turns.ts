// SPDX-License-Identifier: Apache-2.0
import { enlarge } from '../memory'

/** What the next request of a trajectory is compared with; numbers that the row does not say are NaN. */
@unmanaged
export class Turn {
  /** NaN where there was none yet. */
  endMs: f64
  inputTokens: f64
  outputTokens: f64
  blockSize: f64
  /** Where the hashes of its blocks are remembered, and how many: 0 where they are not. */
  hashes: u64
  blocks: u32
  /** A hash of the workers that served it; 0 where the row does not say. */
  workers: u32
}

/** A line of the processor's cache for each. */
const TURN_BYTES: u32 = 64

const FIRST_ROOM: u32 = 64

let turns: usize = 0
let room: u32 = 0

/** The last turn of a trajectory; good until another one is asked for. */
export function turnOf(trajectory: u32): Turn {
  if (trajectory >= room) grow(trajectory + 1)
  return changetype<Turn>(turns + trajectory * TURN_BYTES)
}

function grow(atLeast: u32): void {
  let larger = max(FIRST_ROOM, room)
  while (larger < atLeast) larger *= 2
  turns = enlarge(turns, room * TURN_BYTES, larger * TURN_BYTES)
  memory.fill(turns + room * TURN_BYTES, 0, (larger - room) * TURN_BYTES)
  for (let index = room; index < larger; index++) changetype<Turn>(turns + index * TURN_BYTES).endMs = NaN
  room = larger
}
