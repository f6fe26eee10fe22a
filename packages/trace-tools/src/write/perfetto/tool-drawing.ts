// SPDX-License-Identifier: Apache-2.0
import type { ToolCallSpan } from '../../model/model-sink.ts'
import { hasLength, UNKNOWN_LENGTH_MS } from '../drawn-call.ts'
import { category } from '../labels.ts'
import { detailsSize, putDetails } from './details/row-details.ts'
import type { DrawingContext } from './drawing-context.ts'
import type { DrawnTrajectory } from './drawn-trajectory.ts'
import { EventLabels, type LabelOptions } from './event-labels.ts'
import type { EventMemory } from './event-memory.ts'
import { NO_FIELDS, type EventModule, type LaneSet } from './event-module.ts'
import type { RecentCalls } from './recent-calls.ts'
import { ToolFacts } from './tool-facts.ts'
import type { TrackLanes } from './track-lanes.ts'

/** Draws tool calls, and the arrows that leave them. */
export class ToolDrawing {
  readonly #events: EventModule
  readonly #memory: EventMemory
  readonly #labels: EventLabels
  readonly #failedLabels: EventLabels
  readonly #startLabels: EventLabels
  readonly #lanes: TrackLanes
  readonly #recentCalls: RecentCalls
  readonly #flows: boolean
  /** Arrows that left calls which come once more when the trace ends. */
  readonly #drawnSpawns = new Set<number>()
  readonly #facts: ToolFacts

  constructor({ packets: { events, memory }, strings, recentCalls, toolLanes, options }: DrawingContext) {
    const annotation = 'tool_class'
    const createLabels = (label: Omit<LabelOptions, 'annotation'>) =>
      new EventLabels(memory, strings, { ...label, annotation })
    this.#events = events
    this.#memory = memory
    this.#lanes = toolLanes
    this.#recentCalls = recentCalls
    this.#labels = createLabels({ prefix: 'Tool: ', category: category.tool })
    this.#failedLabels = createLabels({ prefix: 'Tool error: ', category: category.tool })
    this.#startLabels = createLabels({ prefix: 'Tool start: ', category: category.toolMarker })
    this.#facts = new ToolFacts(memory)
    this.#flows = options.flows ?? true
  }

  draw(call: ToolCallSpan, trajectory: DrawnTrajectory): void {
    const isStretched = !hasLength(call)
    const endMs = isStretched ? call.startMs + UNKNOWN_LENGTH_MS : call.endMs
    const lane = this.#lanes.assign(this.#setOf(trajectory), call.startMs, endMs)
    const { spawns, asked } = call
    const labels = call.failed ? this.#failedLabels : this.#labels
    const label = labels.of(asked === undefined ? call.toolClass : (asked.name ?? ''), UNKNOWN_TOOL)
    // All arrows leave where the call begins: what it started may begin right
    // then, and a request that waited for it, by another machine's clock,
    // before the call ends.
    if (this.#flows) {
      this.#events.leave(call.edgeId)
      for (const edgeId of spawns) this.#events.leave(edgeId)
      if (call.isTwofold === true) for (const edgeId of spawns) this.#drawnSpawns.add(edgeId)
      this.#recentCalls.remember(call.edgeId, lane)
    }
    const { identity } = trajectory
    const facts = this.#facts.of(call, isStretched)
    const size = detailsSize(call)
    const details = this.#events.drawSlice(lane, label, identity, size, facts, call.startMs, endMs)
    putDetails(this.#memory, details, call)
  }

  /** Marks the start of a call that never ended. */
  drawStart(call: ToolCallSpan, trajectory: DrawnTrajectory): void {
    const lane = this.#lanes.first(this.#setOf(trajectory))
    const label = this.#startLabels.of(call.toolClass)
    if (this.#flows && call.isTwofold === true) this.#leaveLate(call)
    const { identity } = trajectory
    const size = detailsSize(call)
    const details = this.#events.drawSlice(lane, label, identity, size, NO_FIELDS, call.startMs, call.startMs)
    putDetails(this.#memory, details, call)
  }

  #setOf(trajectory: DrawnTrajectory): LaneSet {
    return (trajectory.tools ??= this.#lanes.below(trajectory.track))
  }

  /** What a call started after it was drawn as an inferred one. */
  #leaveLate({ spawns }: ToolCallSpan): void {
    for (const edgeId of spawns) if (!this.#drawnSpawns.delete(edgeId)) this.#events.leave(edgeId)
  }
}

/** What to call a tool that the model asked for without naming it. */
const UNKNOWN_TOOL = 'unknown-tool'
