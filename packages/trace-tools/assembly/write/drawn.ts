// SPDX-License-Identifier: Apache-2.0
import { REQUEST_LANES, TOOL_LANES } from '../../src/write/perfetto/lane-kinds'
import { Fields } from './fields'
import { createLaneSet, LaneSet } from './lane-set'
import { Lane } from './track'

/** A trajectory as far as it is drawn. */
@unmanaged
export class Drawn {
  /** What all its slices say of it. */
  identity: Fields
  /** The halves of its track. */
  low: u32
  high: u32
  requests: LaneSet | null
  tools: LaneSet | null
  /** Where its last request is drawn, and where those are that began before a time. */
  lane: Lane | null
  earlierLane: Lane | null
  earlierUntilMs: f64

  @inline
  requestLanes(): LaneSet {
    const lanes = this.requests
    return lanes === null ? this.addRequestLanes() : lanes
  }

  @inline
  toolLanes(): LaneSet {
    const lanes = this.tools
    return lanes === null ? this.addToolLanes() : lanes
  }

  addRequestLanes(): LaneSet {
    const lanes = createLaneSet(REQUEST_LANES, this.low, this.high)
    this.requests = lanes
    return lanes
  }

  addToolLanes(): LaneSet {
    const lanes = createLaneSet(TOOL_LANES, this.low, this.high)
    this.tools = lanes
    return lanes
  }

  /** Remembers where a request is drawn. */
  @inline
  rememberLane(lane: Lane, startMs: f64): void {
    if (lane === this.lane) return
    this.earlierLane = this.lane
    this.earlierUntilMs = startMs
    this.lane = lane
  }

  /** Where the request stands that ended at a time; a guess where the lanes changed more than once since. */
  laneOfRequest(endMs: f64): Lane | null {
    const earlier = this.earlierLane
    return endMs <= this.earlierUntilMs && earlier !== null ? earlier : this.lane
  }
}

/** Addresses by the places of trajectories. What is given up is lost to the allocator. */
let table: usize = 0
let room: u32 = 0

/** A trajectory is going to be drawn. */
export function openTrajectory(index: u32, identity: Fields, low: u32, high: u32): void {
  if (index >= room) makeRoom(index + 1)
  const drawn = changetype<Drawn>(heap.alloc(offsetof<Drawn>()))
  drawn.identity = identity
  drawn.low = low
  drawn.high = high
  drawn.requests = null
  drawn.tools = null
  drawn.lane = null
  drawn.earlierLane = null
  drawn.earlierUntilMs = -Infinity
  store<usize>(table + (index << 2), changetype<usize>(drawn))
}

@inline
export function drawnAt(index: u32): Drawn {
  return changetype<Drawn>(load<usize>(table + (index << 2)))
}

function makeRoom(atLeast: u32): void {
  const larger = max(max(64, atLeast), room * 2)
  const moved = heap.alloc(larger << 2)
  memory.copy(moved, table, room << 2)
  table = moved
  room = larger
}
