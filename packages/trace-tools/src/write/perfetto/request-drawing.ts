// SPDX-License-Identifier: Apache-2.0
import type { RequestSpan, SpawnedBy } from '../../model/model-sink.ts'
import { rowFlag } from '../../read/columns.ts'
import { annotationKey, putStringId } from './annotation.ts'
import { Arrivals } from './arrivals.ts'
import { appendDetails, detailsSize } from './details/row-details.ts'
import type { DrawingContext } from './drawing-context.ts'
import type { DrawnTrajectories, DrawnTrajectory } from './drawn-trajectory.ts'
import { staticLabels } from './event-labels.ts'
import { ModelLabels } from './model-labels.ts'
import { FLOW_BYTES, type Packets } from './packets.ts'
import { Piece } from './piece.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import type { RecentCalls } from './recent-calls.ts'
import { trackEvent } from './schema.ts'
import { annotationValues } from './static-strings.ts'
import type { TrackId } from './track-id.ts'
import type { Lane } from './track-lanes.ts'

/** Draws requests: a slice with its stages inside, marks, and the arrows that lead to it. */
export class RequestDrawing {
  readonly #packets: Packets
  readonly #trajectories: DrawnTrajectories
  readonly #labels: ModelLabels
  readonly #arrivals: Arrivals
  readonly #recentCalls: RecentCalls
  readonly #stages: boolean
  readonly #markers: boolean
  readonly #flows: boolean

  constructor({ packets, strings, trajectories, recentCalls, options }: DrawingContext) {
    const { stages = true, markers = true, flows = true } = options
    this.#packets = packets
    this.#trajectories = trajectories
    this.#recentCalls = recentCalls
    this.#labels = new ModelLabels(strings)
    this.#arrivals = new Arrivals(packets)
    this.#stages = stages
    this.#markers = markers
    this.#flows = flows
  }

  draw(request: RequestSpan, trajectory: DrawnTrajectory, lane: Lane): void {
    const { row, startMs, spawn } = request
    const endMs = Math.max(startMs, request.endMs)
    trajectory.rememberLane(lane, startMs)
    this.#arrivals.forget()
    if (this.#flows) {
      this.#arrivals.expect(request)
      if (spawn?.kind === 'past') this.#drawDeparture(spawn)
    }
    this.#begin(request, trajectory, lane)
    this.#drawParts(request, lane.stages, endMs)
    this.#end(request, lane, endMs)
    const flags = row.batch.flags[row.row] ?? 0
    if ((flags & rowFlag.sessionFinal) !== 0) this.#mark(lane.track, staticLabels.sessionEnd, trajectory)
  }

  #begin(request: RequestSpan, trajectory: DrawnTrajectory, lane: Lane): void {
    const { row, startMs } = request
    const packets = this.#packets
    const label = this.#labels.of(row)
    const arriving = this.#arrivals.sizeBy(startMs)
    packets.at(startMs)
    packets.begin(lane.track, label.length + trajectory.identitySize + detailsSize(request) + arriving)
    packets.buffer.appendPiece(label)
    this.#trajectories.appendIdentity(packets.buffer, trajectory)
    appendDetails(packets.buffer, request)
    this.#arrivals.write(arriving)
  }

  /**
   * Stages without length are left out. The mark stands between prefill and
   * decode: written after a decode that begins at the same moment it would lie
   * inside it.
   */
  #drawParts(request: RequestSpan, track: TrackId, endMs: number): void {
    const { startMs, decodeStartMs } = request
    if (this.#stages) {
      const prefillStartMs = Math.min(startMs + request.waitEndMs, endMs)
      const prefillEndMs = Math.min(startMs + request.prefillEndMs, endMs)
      if (prefillStartMs > startMs) {
        this.#beginPart(track, staticLabels.prefillWait, startMs)
        this.#endPart(track, prefillStartMs)
      }
      if (prefillEndMs > prefillStartMs) {
        this.#beginPart(track, staticLabels.prefill, prefillStartMs)
        this.#endPart(track, prefillEndMs)
      }
    }
    if (Number.isNaN(decodeStartMs)) return
    const firstTokenMs = Math.min(startMs + decodeStartMs, endMs)
    if (this.#markers) this.#markPart(track, staticLabels.firstToken, firstTokenMs)
    if (this.#stages && endMs > firstTokenMs) {
      this.#beginPart(track, staticLabels.decode, firstTokenMs)
      this.#endPart(track, endMs)
    }
  }

  #beginPart(track: TrackId, label: Piece, timeMs: number): void {
    const arriving = this.#arrivals.sizeBy(timeMs)
    this.#packets.at(timeMs)
    this.#packets.begin(track, label.length + arriving)
    this.#packets.buffer.appendPiece(label)
    this.#arrivals.write(arriving)
  }

  #endPart(track: TrackId, timeMs: number): void {
    this.#packets.at(timeMs)
    this.#packets.end(track)
  }

  #markPart(track: TrackId, label: Piece, timeMs: number): void {
    const arriving = this.#arrivals.sizeBy(timeMs)
    this.#packets.at(timeMs)
    this.#packets.instant(track, label.length + arriving)
    this.#packets.buffer.appendPiece(label)
    this.#arrivals.write(arriving)
  }

  #end({ spawn }: RequestSpan, { track }: Lane, endMs: number): void {
    this.#packets.at(endMs)
    if (this.#flows && spawn?.kind === 'tool') {
      // The call may have begun at the very moment at which the request did, and
      // stands behind it in the file: only where the request ends is it certain
      // to have begun.
      this.#packets.end(track, FLOW_BYTES)
      this.#packets.flow(trackEvent.terminatingFlowIds, spawn.edgeId)
    } else {
      this.#packets.end(track)
    }
  }

  /** An arrow needs something to leave from, and what it leaves from is written already. */
  #drawDeparture({ parent, from, fromMs, call, edgeId, provenance }: SpawnedInPast): void {
    const trajectory = this.#trajectories.of(parent)
    const lane =
      from === 'tool'
        ? (this.#recentCalls.laneOf(call) ?? trajectory.tools?.first())
        : trajectory.laneOfRequest(fromMs)
    if (lane === undefined) return
    this.#packets.at(fromMs)
    const annotation = provenances[provenance]
    const size = staticLabels.spawn.length + trajectory.identitySize + annotation.length + FLOW_BYTES
    this.#packets.begin(lane.track, size)
    this.#packets.buffer.appendPiece(staticLabels.spawn)
    this.#trajectories.appendIdentity(this.#packets.buffer, trajectory)
    this.#packets.buffer.appendPiece(annotation)
    this.#packets.flow(trackEvent.flowIds, edgeId)
    this.#packets.end(lane.track)
  }

  /** Marks the time of the event before. */
  #mark(track: TrackId, label: Piece, trajectory: DrawnTrajectory): void {
    this.#packets.begin(track, label.length + trajectory.identitySize)
    this.#packets.buffer.appendPiece(label)
    this.#trajectories.appendIdentity(this.#packets.buffer, trajectory)
    this.#packets.end(track)
  }
}

type SpawnedInPast = Extract<SpawnedBy, { kind: 'past' }>

/** How an arrow is known. */
const provenances = {
  measured: encodeProvenance('measured'),
  derived: encodeProvenance('derived'),
  inferred: encodeProvenance('inferred'),
} as const

function encodeProvenance(provenance: string): Piece {
  const buffer = new ProtoBuffer(16)
  putStringId(buffer, annotationKey('provenance'), annotationValues.idOf(provenance))
  return new Piece(buffer.take())
}
