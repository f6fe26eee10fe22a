// SPDX-License-Identifier: Apache-2.0
import type { Lane, LaneSet } from './event-module.ts'
import type { Packets } from './packets.ts'
import { TrackId } from './track-id.ts'

/** What all lanes of a kind have in common. */
export interface LaneKind {
  readonly name: 'LLM' | 'tools' | 'harness'
  /** Rank of the first of them among everything below their parent. */
  readonly firstRank: number
  /** The stages of requests have a track of their own. */
  readonly separateStages: boolean
}

/** The lanes of one kind, in a set below each track that has them: "LLM", "LLM 2", and so on. */
export class TrackLanes {
  readonly #packets: Packets
  readonly #kind: LaneKind
  readonly #described = new Map<LaneSet, DescribedSet>()

  constructor(packets: Packets, kind: LaneKind) {
    this.#packets = packets
    this.#kind = kind
  }

  /** Makes the set of lanes below a track. */
  below(parent: TrackId): LaneSet {
    const set = this.#packets.events.createLaneSet(this.#kind.name === 'tools')
    this.#described.set(set, { parent, size: 0 })
    return set
  }

  /** Finds the lane for the next span, and describes it if it is new. */
  assign(set: LaneSet, startMs: number, endMs: number): Lane {
    const { events } = this.#packets
    const lane = events.assignLane(set, startMs, endMs)
    if (lane !== 0) return lane
    this.#add(set)
    return events.assignLane(set, startMs, endMs)
  }

  /** The first lane, for marks: they may stand where anything else is. */
  first(set: LaneSet): Lane {
    const { events } = this.#packets
    if (events.firstLane(set) === 0) this.#add(set)
    return events.firstLane(set)
  }

  #add(set: LaneSet): void {
    const described = this.#described.get(set)
    if (described === undefined) throw new Error('the set has another kind of lanes')
    const { name, separateStages } = this.#kind
    const { parent, size } = described
    const numbered = size === 0 ? name : `${name} ${size + 1}`
    const track = this.#describe(parent, numbered, size * 2)
    const stages = separateStages ? this.#describe(parent, `${numbered} stages`, size * 2 + 1) : track
    this.#packets.events.addLane(set, track.low, track.high, stages.low, stages.high)
    described.size++
  }

  #describe(parent: TrackId, name: string, place: number): TrackId {
    const id = new TrackId('lane', String(parent.low), String(parent.high), name)
    this.#packets.track({ id, name, parent, rank: this.#kind.firstRank + place })
    return id
  }
}

/** A set whose lanes are described as far as they are used. */
interface DescribedSet {
  readonly parent: TrackId
  size: number
}
