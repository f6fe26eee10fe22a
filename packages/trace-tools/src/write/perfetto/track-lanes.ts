// SPDX-License-Identifier: Apache-2.0
import { append } from '../../model/append.ts'
import { LaneSet } from '../../model/lane-set.ts'
import type { Packets } from './packets.ts'
import { TrackId } from './track-id.ts'

/** A lane, which is a track of its own. */
export interface Lane {
  readonly track: TrackId
  /** Where the stages of requests are drawn: the same track, unless they have one of their own. */
  readonly stages: TrackId
}

/** What all lanes of a kind have in common. */
export interface LaneKind {
  readonly packets: Packets
  readonly name: 'LLM' | 'tools' | 'harness'
  /** Rank of the first of them among everything below their parent. */
  readonly firstRank: number
  readonly separateStages: boolean
}

/** The lanes of one kind below one track: "LLM", "LLM 2", and so on. */
export class TrackLanes {
  readonly #parent: TrackId
  readonly #kind: LaneKind
  readonly #set: LaneSet
  #lanes: Lane[] = []

  constructor(parent: TrackId, kind: LaneKind) {
    this.#parent = parent
    this.#kind = kind
    this.#set = new LaneSet({ expectsLate: kind.name === 'tools' })
  }

  /** From a time on a span may come late. */
  mark(timeMs: number): void {
    this.#set.mark(timeMs)
  }

  /** Finds the lane for the next span, and describes it if it is new. */
  assign(startMs: number, endMs: number): Lane {
    const index = this.#set.assign(startMs, endMs)
    return this.#lanes[index] ?? this.#open(index)
  }

  /** The first lane, for marks: they may stand where anything else is. */
  first(): Lane {
    return this.#lanes[0] ?? this.#open(0)
  }

  #open(index: number): Lane {
    const { name, separateStages } = this.#kind
    const numbered = index === 0 ? name : `${name} ${index + 1}`
    const track = this.#describe(numbered, index * 2)
    const stages = separateStages ? this.#describe(`${numbered} stages`, index * 2 + 1) : track
    const lane = { track, stages }
    this.#lanes = append(this.#lanes, lane)
    return lane
  }

  #describe(name: string, place: number): TrackId {
    const { packets, firstRank } = this.#kind
    const id = new TrackId('lane', String(this.#parent.low), String(this.#parent.high), name)
    packets.track({ id, name, parent: this.#parent, rank: firstRank + place })
    return id
  }
}
