// SPDX-License-Identifier: Apache-2.0
import type { ToolCallSpan } from '../../model/model-sink.ts'
import type { ToolTiming } from '../../model/trace-model.ts'
import { hasLength, UNKNOWN_LENGTH_MS } from '../drawn-call.ts'
import { category } from '../labels.ts'
import { annotationKey, putFlag, putInteger, putString, putStringId } from './annotation.ts'
import { appendDetails, detailsSize } from './details/row-details.ts'
import type { DrawingContext } from './drawing-context.ts'
import type { DrawnTrajectories, DrawnTrajectory } from './drawn-trajectory.ts'
import { EventLabels } from './event-labels.ts'
import { FLOW_BYTES, type Packets } from './packets.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import type { RecentCalls } from './recent-calls.ts'
import { trackEvent } from './schema.ts'
import { annotationValues } from './static-strings.ts'
import type { Lane, TrackLanes } from './track-lanes.ts'

/** Draws tool calls, and the arrows that leave them. */
export class ToolDrawing {
  readonly #packets: Packets
  readonly #trajectories: DrawnTrajectories
  readonly #labels: EventLabels
  readonly #failedLabels: EventLabels
  readonly #startLabels: EventLabels
  readonly #recentCalls: RecentCalls
  readonly #flows: boolean
  /** Arrows that left calls which come once more when the trace ends. */
  readonly #drawnSpawns = new Set<number>()
  /** What the rows of a call do not say of it. */
  readonly #facts = new ProtoBuffer(256)

  constructor({ packets, strings, trajectories, recentCalls, options }: DrawingContext) {
    const annotation = 'tool_class'
    this.#packets = packets
    this.#trajectories = trajectories
    this.#recentCalls = recentCalls
    this.#labels = new EventLabels(strings, { prefix: 'Tool: ', category: category.tool, annotation })
    this.#failedLabels = new EventLabels(strings, { prefix: 'Tool error: ', category: category.tool, annotation })
    this.#startLabels = new EventLabels(strings, { prefix: 'Tool start: ', category: category.toolMarker, annotation })
    this.#flows = options.flows ?? true
  }

  draw(call: ToolCallSpan, trajectory: DrawnTrajectory, lanes: TrackLanes): void {
    const isStretched = !hasLength(call)
    const endMs = isStretched ? call.startMs + UNKNOWN_LENGTH_MS : call.endMs
    const lane = lanes.assign(call.startMs, endMs)
    const packets = this.#packets
    const { startMs, spawns, asked } = call
    const labels = call.failed ? this.#failedLabels : this.#labels
    const label = labels.of(asked === undefined ? call.toolClass : (asked.name ?? ''), UNKNOWN_TOOL)
    const facts = this.#gatherFacts(call, isStretched)
    const leaving = this.#flows ? (1 + spawns.length) * FLOW_BYTES : 0

    packets.at(startMs)
    packets.begin(lane.track, label.length + trajectory.identitySize + detailsSize(call) + facts.length + leaving)
    packets.buffer.appendPiece(label)
    this.#trajectories.appendIdentity(packets.buffer, trajectory)
    appendDetails(packets.buffer, call)
    packets.buffer.append(facts.view, 0, facts.length)
    // All arrows leave where the call begins: what it started may begin right
    // then, and a request that waited for it, by another machine's clock,
    // before the call ends.
    if (this.#flows) {
      packets.flow(trackEvent.flowIds, call.edgeId)
      for (const edgeId of spawns) packets.flow(trackEvent.flowIds, edgeId)
      if (call.isTwofold === true) for (const edgeId of spawns) this.#drawnSpawns.add(edgeId)
      this.#recentCalls.remember(call.edgeId, lane)
    }
    packets.at(endMs)
    packets.end(lane.track)
  }

  /** Marks the start of a call that never ended. */
  drawStart(call: ToolCallSpan, trajectory: DrawnTrajectory, lane: Lane): void {
    const packets = this.#packets
    const label = this.#startLabels.of(call.toolClass)
    const spawns = this.#flows && call.isTwofold === true ? this.#takeLateSpawns(call) : []
    packets.at(call.startMs)
    packets.begin(
      lane.track,
      label.length + trajectory.identitySize + detailsSize(call) + spawns.length * FLOW_BYTES,
    )
    packets.buffer.appendPiece(label)
    this.#trajectories.appendIdentity(packets.buffer, trajectory)
    appendDetails(packets.buffer, call)
    for (const edgeId of spawns) packets.flow(trackEvent.flowIds, edgeId)
    packets.end(lane.track)
  }

  /** What a call started after it was drawn as an inferred one. */
  #takeLateSpawns({ spawns }: ToolCallSpan): readonly number[] {
    return spawns.filter((edgeId) => !this.#drawnSpawns.delete(edgeId))
  }

  #gatherFacts({ timing, asked }: ToolCallSpan, isStretched: boolean): ProtoBuffer {
    const facts = this.#facts
    facts.cutTo(0)
    putStringId(facts, key.timing, timings[timing])
    if (isStretched) putFlag(facts, key.isStretched, true)
    if (asked !== undefined) {
      if (asked.id !== undefined) putString(facts, key.toolCallId, asked.id)
      putString(facts, key.sourceRequestId, asked.requestId)
      putInteger(facts, key.choiceIndex, asked.choiceIndex)
      putInteger(facts, key.toolCallIndex, asked.toolCallIndex)
    }
    return facts
  }
}

/** What to call a tool that the model asked for without naming it. */
const UNKNOWN_TOOL = 'unknown-tool'

const key = {
  timing: annotationKey('timing'),
  isStretched: annotationKey('synthetic_duration'),
  toolCallId: annotationKey('tool_call_id'),
  sourceRequestId: annotationKey('source_request_id'),
  choiceIndex: annotationKey('choice_index'),
  toolCallIndex: annotationKey('tool_call_index'),
} as const

const timings: Readonly<Record<ToolTiming, number>> = {
  measured: annotationValues.idOf('measured'),
  paired: annotationValues.idOf('paired'),
  inferred: annotationValues.idOf('inferred'),
  unended: annotationValues.idOf('unended'),
}
