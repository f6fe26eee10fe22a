// SPDX-License-Identifier: Apache-2.0
import type { LaneSet } from './event-module.ts'
import { HARNESS_LANES, REQUEST_LANES, TOOL_LANES } from './lane-kinds.ts'
import type { Packets } from './packets.ts'
import { rank } from './trace-tracks.ts'
import { TrackId } from './track-id.ts'

/** What all lanes of a kind have in common. */
interface LaneKind {
  readonly name: string
  /** Rank of the first of them among everything below their parent. */
  readonly firstRank: number
}

/** By their numbers in lane-kinds.ts. */
const kinds: Readonly<Record<number, LaneKind>> = {
  [REQUEST_LANES]: { name: 'LLM', firstRank: rank.requestLanes },
  [TOOL_LANES]: { name: 'tools', firstRank: rank.toolLanes },
  [HARNESS_LANES]: { name: 'harness', firstRank: rank.harnessLanes },
}

/** A lane that a set needs. */
export interface NextLane {
  readonly set: LaneSet
  /** What it is for. */
  readonly kind: number
  readonly parent: TrackId
  /** How many lanes the set has already. */
  readonly number: number
  /** The stages of requests have a track of their own. */
  readonly separateStages: boolean
}

/** Describes the lanes of a set below the track that has them: "LLM", "LLM 2", and so on. */
export function describeLane(packets: Packets, { set, kind, parent, number, separateStages }: NextLane): void {
  const { name, firstRank } = kinds[kind] ?? failUnknown(kind)
  const describe = (laneName: string, place: number): TrackId => {
    const id = TrackId.of('lane', String(parent.low), String(parent.high), laneName)
    packets.track({ id, name: laneName, parent, rank: firstRank + place })
    return id
  }
  const numbered = number === 0 ? name : `${name} ${number + 1}`
  const track = describe(numbered, number * 2)
  const stages = separateStages && kind === REQUEST_LANES ? describe(`${numbered} stages`, number * 2 + 1) : track
  packets.events.addLane(set, track.low, track.high, stages.low, stages.high)
}

function failUnknown(kind: number): never {
  throw new RangeError(`there are no lanes of kind ${kind}`)
}
