// SPDX-License-Identifier: Apache-2.0
import type { SettledSpans, ToolCallSpan } from '../../model/model-sink.ts'
import { hasRow } from '../../model/span-places.ts'
import * as told from '../../model/told.ts'
import { toolText } from '../../read/columns.ts'
import { hasLength } from '../drawn-call.ts'
import { category } from '../labels.ts'
import type { DrawingContext } from './drawing-context.ts'
import { EventLabels, type LabelOptions } from './event-labels.ts'
import type { EventMemory } from './event-memory.ts'
import { RowLabels } from './row-labels.ts'
import type { Extras } from './extras.ts'
import * as extra from './span-extras.ts'
import { ToolFacts } from './tool-facts.ts'

/** What to call a tool that the model asked for without naming it. */
const UNKNOWN_TOOL = 'unknown-tool'

/** Adds to tool calls what only their rows say, or the requests that asked for them. */
export class CallExtras {
  readonly #memory: EventMemory
  readonly #labels: EventLabels
  readonly #startLabels: EventLabels
  readonly #rowLabels: RowLabels
  readonly #failedRowLabels: RowLabels
  readonly #facts: ToolFacts

  constructor({ packets, strings }: DrawingContext) {
    const annotation = 'tool_class'
    const createLabels = (label: Omit<LabelOptions, 'annotation'>) =>
      new EventLabels(packets.memory, strings, { ...label, annotation })
    const failedLabels = createLabels({ prefix: 'Tool error: ', category: category.tool })
    this.#memory = packets.memory
    this.#labels = createLabels({ prefix: 'Tool: ', category: category.tool })
    this.#startLabels = createLabels({ prefix: 'Tool start: ', category: category.toolMarker })
    this.#rowLabels = new RowLabels(this.#labels, toolText.toolClass, UNKNOWN_TOOL)
    this.#failedRowLabels = new RowLabels(failedLabels, toolText.toolClass, UNKNOWN_TOOL)
    this.#facts = new ToolFacts(packets)
  }

  /** Adds to the span that is told at a place of the spans. */
  add(spans: SettledSpans, place: number, extras: Extras): void {
    const { values } = spans
    if (!hasRow(values, place)) {
      this.#addUnreported(spans.callAt(place), extras)
      return
    }
    const batch = spans.batchAt(values[place + told.SLOT] ?? 0)
    const row = values[place + told.ROW] ?? 0
    const labels = values[place + told.IS_FAILED] === 0 ? this.#rowLabels : this.#failedRowLabels
    extras.set(extra.LABEL, labels.of(batch, row))
  }

  /** No end of it was reported. */
  #addUnreported(call: ToolCallSpan, extras: Extras): void {
    const { asked, timing, toolClass, details, isTwofold = false } = call
    const isUnended = timing === 'unended'
    if (isUnended) extras.set(extra.START_LABEL, this.#startLabels.of(toolClass))
    // One that was drawn as inferred is marked and not drawn once more.
    if (!isUnended || !isTwofold) {
      extras.set(extra.LABEL, this.#labels.of(asked === undefined ? toolClass : (asked.name ?? ''), UNKNOWN_TOOL))
    }
    if (asked !== undefined) extras.set(extra.FACTS, this.#facts.ofAsked(timing, asked, !hasLength(call)))
    if (details === undefined) return
    extras.set(extra.DETAILS, this.#memory.lend(details))
    extras.set(extra.DETAILS_BYTES, details.length)
  }
}
