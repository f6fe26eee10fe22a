// SPDX-License-Identifier: Apache-2.0
import { LaneSet } from '../../model/lane-set.ts'
import type { Process, Thread, Tracks } from './tracks.ts'

/** Where spans of one kind are drawn. */
export interface Lane {
  readonly thread: Thread
  /** Where the stages of requests are drawn: another thread only where they have threads of their own. */
  readonly stages: Thread
}

export interface LanesOptions {
  readonly process: Process
  readonly name: string
  /** Ends the name of each thread. */
  readonly suffix?: ' tools' | ' harness'
  /** Stages get threads of their own. */
  readonly separateStages?: boolean
}

/** As many threads as it takes so that of the spans of one kind none overlap. */
export class Lanes {
  readonly #tracks: Tracks
  readonly #options: LanesOptions
  readonly #set: LaneSet
  readonly #lanes: Lane[] = []

  constructor(tracks: Tracks, options: LanesOptions) {
    this.#tracks = tracks
    this.#options = options
    this.#set = new LaneSet({ expectsLate: options.suffix === ' tools' })
  }

  /** From a time on a span may come late. */
  mark(time: number): void {
    this.#set.mark(time)
  }

  /** Finds the lane for the next span. */
  assign(start: number, end: number): Lane {
    const index = this.#set.assign(start, end)
    return this.#lanes[index] ?? this.#open(index)
  }

  /** The lane for marks, which need no room. */
  first(): Lane {
    return this.#lanes[0] ?? this.#open(0)
  }

  /** All that were opened, in the order to show them. */
  threads(): readonly Thread[] {
    return this.#lanes.flatMap(({ thread, stages }) => (thread === stages ? [thread] : [thread, stages]))
  }

  #open(index: number): Lane {
    const { process, name, suffix = '', separateStages = false } = this.#options
    const numbered = (lane: number): string => `${name} [lane ${lane + 1}]`
    const label = index === 0 ? name : numbered(index)
    const thread = this.#tracks.createThread(process, `${label}${suffix}`)
    const stages = separateStages ? this.#tracks.createThread(process, `${label} stages`) : thread

    // Most trajectories have one lane only, which has no need of a number until there is another.
    const [first] = this.#lanes
    if (index === 1 && first !== undefined) {
      this.#tracks.nameThread(first.thread, `${numbered(0)}${suffix}`)
      if (separateStages) this.#tracks.nameThread(first.stages, `${numbered(0)} stages`)
    }
    const lane = { thread, stages }
    this.#lanes.push(lane)
    return lane
  }
}
