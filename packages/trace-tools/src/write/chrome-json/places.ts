// SPDX-License-Identifier: Apache-2.0
import type { TraceOutline, TrajectoryState } from '../../model/model-sink.ts'
import { Lanes } from './lanes.ts'
import { RecentRequests } from './recent-spans.ts'
import type { Process, Tracks } from './tracks.ts'

/** Where a trajectory is drawn, and which of its requests were drawn last. */
export interface Place {
  readonly process: Process
  readonly requests: Lanes
  readonly tools: Lanes
  readonly harness: Lanes
  readonly recentRequests: RecentRequests
}

/**
 * Finds the place of each trajectory: its lanes are threads in the process of
 * its session. From Dynamo 1.3 on a row does not name its session, so a
 * trajectory goes where its parent or one of its children is. Only if it turns
 * out that two of them went to different places a session has two processes,
 * of the same name.
 */
export class Places {
  readonly #tracks: Tracks
  readonly #separateStages: boolean
  readonly #places: Place[] = []
  readonly #bySession = new Map<string, Process>()
  readonly #byTrajectory = new Map<string, Process>()

  constructor(tracks: Tracks, { separateStages }: { readonly separateStages: boolean }) {
    this.#tracks = tracks
    this.#separateStages = separateStages
  }

  of(trajectory: TrajectoryState): Place {
    return (this.#places[trajectory.index] ??= this.#create(trajectory))
  }

  /** Names and orders everything, now that all of it is known. @param first Place of the first process. */
  *arrange({ sessions }: TraceOutline, first: number): Generator<void> {
    const placed = new Map<Process, number>()
    for (const [index, session] of sessions.entries()) {
      for (const { state } of session.trajectories) {
        const place = this.#places[state.index]
        if (place === undefined) continue
        let threads = placed.get(place.process)
        if (threads === undefined) {
          this.#tracks.nameProcess(place.process, nameOf(session.id))
          this.#tracks.placeProcess(place.process, first + index)
          threads = 0
        }
        for (const lanes of [place.requests, place.tools, place.harness]) {
          for (const thread of lanes.threads()) this.#tracks.placeThread(thread, threads++)
        }
        placed.set(place.process, threads)
      }
      yield
    }
  }

  #create(trajectory: TrajectoryState): Place {
    const process = this.#processOf(trajectory)
    // As in the converter that ships with Dynamo; engines take no empty name.
    const name = trajectory.id === '' ? 'unknown-session' : trajectory.id
    return {
      process,
      requests: new Lanes(this.#tracks, { process, name, separateStages: this.#separateStages }),
      tools: new Lanes(this.#tracks, { process, name, suffix: ' tools' }),
      harness: new Lanes(this.#tracks, { process, name, suffix: ' harness' }),
      recentRequests: new RecentRequests(),
    }
  }

  #processOf({ id, sessionId, parentId, contextFree }: TrajectoryState): Process {
    if (contextFree) return this.#tracks.createProcess(nameOf(undefined))
    if (sessionId !== undefined) {
      const known = this.#bySession.get(sessionId) ?? this.#tracks.createProcess(nameOf(sessionId))
      this.#bySession.set(sessionId, known)
      return known
    }
    const parent = parentId === undefined ? undefined : this.#byTrajectory.get(parentId)
    const process = this.#byTrajectory.get(id) ?? parent ?? this.#tracks.createProcess(nameOf(parentId ?? id))
    this.#byTrajectory.set(id, process)
    if (parentId !== undefined && parent === undefined) this.#byTrajectory.set(parentId, process)
    return process
  }
}

function nameOf(sessionId: string | undefined): string {
  return sessionId === undefined ? 'requests without a session' : `session ${sessionId}`
}
