// SPDX-License-Identifier: Apache-2.0
import { Lane } from './track'

/** The trajectory that a call started is seldom known so long after the call. */
const REMEMBERED: u32 = 1024

@unmanaged
class RecentCall {
  edgeId: u32
  lane: Lane | null
}

/** Where tool calls were drawn of late. Edges are numbered in order, so the latest calls have places of their own. */
const calls = memory.data(<i32>(REMEMBERED * offsetof<RecentCall>()), 8)

function placeOf(edgeId: u32): RecentCall {
  return changetype<RecentCall>(calls + (edgeId % REMEMBERED) * offsetof<RecentCall>())
}

export function rememberCall(edgeId: u32, lane: Lane): void {
  const place = placeOf(edgeId)
  place.edgeId = edgeId
  place.lane = lane
}

/** The lane of a call; null where it is forgotten. */
export function laneOfCall(edgeId: u32): Lane | null {
  const place = placeOf(edgeId)
  return place.edgeId === edgeId ? place.lane : null
}
