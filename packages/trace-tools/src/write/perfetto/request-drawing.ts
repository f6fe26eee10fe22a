// SPDX-License-Identifier: Apache-2.0
import type { RequestSpan } from '../../model/model-sink.ts'
import { rowFlag } from '../../read/columns.ts'
import { category, FIRST_TOKEN, SESSION_END } from '../labels.ts'
import { Departures } from './departures.ts'
import { detailsSize, putDetails } from './details/row-details.ts'
import type { DrawingContext } from './drawing-context.ts'
import type { DrawnTrajectory } from './drawn-trajectory.ts'
import type { EventMemory } from './event-memory.ts'
import { NO_FIELDS, type EventModule, type Fields } from './event-module.ts'
import { ModelLabels } from './model-labels.ts'
import { keepLabel } from './static-fields.ts'
import { rank } from './trace-tracks.ts'
import { TrackLanes } from './track-lanes.ts'
import { WorkerTracks } from './worker-tracks.ts'

/** Draws requests: a slice with its stages inside, marks, and the arrows that lead to it. */
export class RequestDrawing {
  readonly #events: EventModule
  readonly #memory: EventMemory
  readonly #lanes: TrackLanes
  readonly #workers: WorkerTracks | undefined
  readonly #labels: ModelLabels
  readonly #sessionEnd: Fields
  /** Absent where no arrows are drawn. */
  readonly #departures: Departures | undefined

  constructor(context: DrawingContext) {
    const { packets, strings, options } = context
    const { events, memory } = packets
    const { stages = true, separateStageTracks = false, markers = true, flows = true, by } = options
    const separateStages = stages && separateStageTracks
    const label = (name: string, of: string) => keepLabel(memory, name, of)
    const stage = (name: string) => label(name, category.stage)
    this.#events = events
    this.#memory = memory
    this.#lanes = new TrackLanes(packets, { name: 'LLM', firstRank: rank.requestLanes, separateStages })
    this.#workers = by === 'worker' ? new WorkerTracks(packets, this.#lanes) : undefined
    this.#labels = new ModelLabels(memory, strings)
    this.#sessionEnd = label(SESSION_END, category.session)
    this.#departures = flows ? new Departures(context) : undefined
    if (stages) events.setStages(stage('prefill wait'), stage('prefill'), stage('decode'))
    if (markers) events.setFirstToken(label(FIRST_TOKEN, category.marker))
  }

  draw(request: RequestSpan, trajectory: DrawnTrajectory): void {
    const { row, startMs, waitEndMs, prefillEndMs, decodeStartMs } = request
    const { identity, track, tools } = trajectory
    const events = this.#events
    const endMs = Math.max(startMs, request.endMs)
    const lanes = this.#workers?.lanesOf(row) ?? (trajectory.requests ??= this.#lanes.below(track))
    const lane = this.#lanes.assign(lanes, startMs, endMs)
    trajectory.rememberLane(lane, startMs)
    if (this.#departures !== undefined) this.#expectArrows(request, this.#departures)
    const label = this.#labels.of(row)
    const size = detailsSize(request)
    const details = events.drawRequest(
      lane,
      label,
      identity,
      size,
      startMs,
      endMs,
      waitEndMs,
      prefillEndMs,
      decodeStartMs,
    )
    putDetails(this.#memory, details, request)
    const flags = row.batch.flags[row.row] ?? 0
    if ((flags & rowFlag.sessionFinal) !== 0) {
      events.drawSlice(lane, this.#sessionEnd, identity, 0, NO_FIELDS, endMs, endMs)
    }
    // Should nobody report what it asked for, that comes when the trace is over.
    if (tools !== undefined) events.markLanes(tools, request.endMs)
  }

  #expectArrows({ results, spawn }: RequestSpan, departures: Departures): void {
    const events = this.#events
    if (spawn?.kind === 'past') departures.draw(spawn)
    for (const { edgeId, startMs } of results) events.arrive(edgeId, startMs)
    if (spawn?.kind === 'past') events.arrive(spawn.edgeId, spawn.fromMs)
    // The call may have begun at the very moment at which the request did, and
    // stands behind it in the file: only where the request ends is it certain
    // to have begun.
    if (spawn?.kind === 'tool') events.arriveAtEnd(spawn.edgeId)
  }
}
