// SPDX-License-Identifier: Apache-2.0
import type { SettledSpans, TrajectoryState } from '../../model/model-sink.ts'
import { behind } from '../../model/span-places.ts'
import * as told from '../../model/told.ts'
import { SpanCopy } from '../../wasm/span-copy.ts'
import { CallExtras } from './call-extras.ts'
import { LentDetails } from './details/lent-details.ts'
import type { DrawingContext } from './drawing-context.ts'
import type { DrawnTrajectories } from './drawn-trajectories.ts'
import { Extras } from './extras.ts'
import type { Packets } from './packets.ts'
import { RequestExtras } from './request-extras.ts'

/** Draws requests and tool calls: adds to each what its row says, and has compiled code do the rest. */
export class SpanDrawing {
  readonly #packets: Packets
  readonly #trajectories: DrawnTrajectories
  readonly #requests: RequestExtras
  readonly #calls: CallExtras
  readonly #details: LentDetails
  readonly #copy: SpanCopy
  readonly #extras = new Extras()

  constructor(context: DrawingContext) {
    const { packets, trajectories } = context
    this.#packets = packets
    this.#trajectories = trajectories
    this.#requests = new RequestExtras(context)
    this.#calls = new CallExtras(context)
    this.#details = new LentDetails(packets.memory)
    this.#copy = new SpanCopy(packets.events)
  }

  draw(spans: SettledSpans): void {
    const { events, memory } = this.#packets
    this.#details.begin(spans)
    this.#addExtras(spans)
    events.drawSpans(this.#copy.copy(spans), spans.values.byteLength, memory.lend(this.#extras.bytes))
    memory.endLoans()
  }

  #addExtras(spans: SettledSpans): void {
    const { values, trajectories } = spans
    const extras = this.#extras
    extras.begin()
    for (let place = 0; place < values.length; place = behind(values, place)) {
      extras.next()
      const trajectory = values[place + told.TRAJECTORY] ?? 0
      if (!this.#trajectories.isOpen(trajectory)) this.#open(trajectories[trajectory])
      this.#details.add(spans, place, extras)
      if (values[place + told.KIND] === told.TOOL_CALL) this.#calls.add(spans, place, extras)
      else this.#requests.add(spans, place, extras)
    }
  }

  #open(trajectory: TrajectoryState | undefined): void {
    if (trajectory !== undefined) this.#trajectories.open(trajectory)
  }
}
