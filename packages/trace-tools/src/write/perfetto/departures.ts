// SPDX-License-Identifier: Apache-2.0
import type { SpawnedBy } from '../../model/model-sink.ts'
import type { Provenance } from '../../model/trace-model.ts'
import { category } from '../labels.ts'
import type { DrawingContext } from './drawing-context.ts'
import type { DrawnTrajectories, DrawnTrajectory } from './drawn-trajectory.ts'
import type { EventModule, Fields, Lane } from './event-module.ts'
import type { RecentCalls } from './recent-calls.ts'
import { keepAnnotations, keepLabel } from './static-fields.ts'
import type { TrackLanes } from './track-lanes.ts'

/** What an arrow leaves from that leads to a new trajectory: a mark where its parent stood. */
export class Departures {
  readonly #events: EventModule
  readonly #trajectories: DrawnTrajectories
  readonly #recentCalls: RecentCalls
  readonly #toolLanes: TrackLanes
  readonly #label: Fields
  /** How an arrow is known. */
  readonly #provenances: Readonly<Record<Provenance, Fields>>

  constructor({ packets: { events, memory }, trajectories, recentCalls, toolLanes }: DrawingContext) {
    const provenance = (value: Provenance) => keepAnnotations(memory, { provenance: value })
    this.#events = events
    this.#trajectories = trajectories
    this.#recentCalls = recentCalls
    this.#toolLanes = toolLanes
    this.#label = keepLabel(memory, 'spawn', category.flow)
    this.#provenances = {
      measured: provenance('measured'),
      derived: provenance('derived'),
      inferred: provenance('inferred'),
    }
  }

  /** An arrow needs something to leave from, and what it leaves from is written already. */
  draw({ parent, from, fromMs, call, edgeId, provenance }: Extract<SpawnedBy, { kind: 'past' }>): void {
    const trajectory = this.#trajectories.of(parent)
    const lane = from === 'tool' ? this.#laneOfCall(call, trajectory) : trajectory.laneOfRequest(fromMs)
    if (lane === undefined) return
    this.#events.leave(edgeId)
    this.#events.drawSlice(lane, this.#label, trajectory.identity, 0, this.#provenances[provenance], fromMs, fromMs)
  }

  #laneOfCall(call: number | undefined, { tools }: DrawnTrajectory): Lane | undefined {
    return this.#recentCalls.laneOf(call) ?? (tools === undefined ? undefined : this.#toolLanes.first(tools))
  }
}
