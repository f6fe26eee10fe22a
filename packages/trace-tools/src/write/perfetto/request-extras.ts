// SPDX-License-Identifier: Apache-2.0
import type { SettledSpans } from '../../model/model-sink.ts'
import * as told from '../../model/told.ts'
import { requestText, rowFlag } from '../../read/columns.ts'
import { category, FIRST_TOKEN, SESSION_END } from '../labels.ts'
import type { DrawingContext } from './drawing-context.ts'
import type { DrawnTrajectories } from './drawn-trajectories.ts'
import { EventLabels } from './event-labels.ts'
import type { Extras } from './extras.ts'
import { RowLabels } from './row-labels.ts'
import * as extra from './span-extras.ts'
import { keepAnnotations, keepLabel } from './static-fields.ts'
import { WorkerTracks } from './worker-tracks.ts'

/** Adds to requests what only their rows say. */
export class RequestExtras {
  readonly #trajectories: DrawnTrajectories
  readonly #workers: WorkerTracks | undefined
  readonly #labels: RowLabels
  readonly #flows: boolean

  constructor({ packets, strings, trajectories, options }: DrawingContext) {
    const { events, memory } = packets
    const { stages = true, markers = true, flows = true, by } = options
    const stage = (name: string) => keepLabel(memory, name, category.stage)
    const labels = new EventLabels(memory, strings, {
      prefix: 'LLM request: ',
      category: category.request,
      annotation: 'model',
    })
    this.#trajectories = trajectories
    this.#workers = by === 'worker' ? new WorkerTracks(packets) : undefined
    this.#labels = new RowLabels(labels, requestText.model, 'unknown-model')
    this.#flows = flows
    events.setSessionEnd(keepLabel(memory, SESSION_END, category.session))
    events.setArrows(flows)
    if (flows) {
      const provenance = (value: string) => keepAnnotations(memory, { provenance: value })
      const spawn = keepLabel(memory, 'spawn', category.flow)
      events.setDepartures(spawn, provenance('measured'), provenance('derived'), provenance('inferred'))
    }
    if (stages) events.setStages(stage('prefill wait'), stage('prefill'), stage('decode'))
    if (markers) events.setFirstToken(keepLabel(memory, FIRST_TOKEN, category.marker))
  }

  /** Adds to the span that is told at a place of the spans. */
  add(spans: SettledSpans, place: number, extras: Extras): void {
    const { values } = spans
    const batch = spans.batchAt(values[place + told.SLOT] ?? 0)
    const row = values[place + told.ROW] ?? 0
    if (this.#flows && (values[place + told.SPAWN_KIND] ?? 0) >= told.SPAWN_BY_PAST_REQUEST) this.#openParent(spans, place)
    extras.set(extra.LANES, this.#workers?.lanesOf({ batch, row }) ?? 0)
    extras.set(extra.LABEL, this.#labels.of(batch, row))
    extras.set(extra.IS_FINAL, (batch.flags[row] ?? 0) & rowFlag.sessionFinal)
  }

  /** The mark that an arrow leaves from is drawn where the parent stood. */
  #openParent({ values, trajectories }: SettledSpans, place: number): void {
    const parent = trajectories[values[place + told.SPAWN_PARENT] ?? 0]
    if (parent !== undefined) this.#trajectories.open(parent)
  }
}
