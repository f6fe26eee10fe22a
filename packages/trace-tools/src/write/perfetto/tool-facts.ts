// SPDX-License-Identifier: Apache-2.0
import type { AskedCall } from '../../model/model-sink.ts'
import { toolTimings } from '../../model/told-call.ts'
import type { ToolTiming } from '../../model/trace-model.ts'
import { annotationKey, putFlag, putInteger, putString, putStringId } from './annotation.ts'
import type { EventMemory } from './event-memory.ts'
import type { Fields } from './event-module.ts'
import type { Packets } from './packets.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { annotationValues } from './static-strings.ts'

/** Encodes what the rows of a tool call do not say of it. */
export class ToolFacts {
  readonly #memory: EventMemory
  readonly #fields = new ProtoBuffer(256)

  constructor({ events, memory }: Packets) {
    this.#memory = memory
    for (const [number, timing] of toolTimings.entries()) {
      for (const isStretched of [false, true]) {
        events.setFacts(number, isStretched, memory.keep(this.#encodeTiming(timing, isStretched)))
      }
    }
  }

  /**
   * Encodes what is known of a call that nobody reported.
   *
   * @param isStretched The call is drawn longer than it is known to have been.
   * @returns Fields that are lent.
   */
  ofAsked(timing: ToolTiming, asked: AskedCall, isStretched: boolean): Fields {
    const fields = this.#encodeTiming(timing, isStretched)
    putAsked(fields, asked)
    return this.#memory.lendFields(fields)
  }

  #encodeTiming(timing: ToolTiming, isStretched: boolean): ProtoBuffer {
    const fields = this.#fields
    fields.cutTo(0)
    putStringId(fields, key.timing, annotationValues.idOf(timing))
    if (isStretched) putFlag(fields, key.isStretched, true)
    return fields
  }
}

const key = {
  timing: annotationKey('timing'),
  isStretched: annotationKey('synthetic_duration'),
  toolCallId: annotationKey('tool_call_id'),
  sourceRequestId: annotationKey('source_request_id'),
  choiceIndex: annotationKey('choice_index'),
  toolCallIndex: annotationKey('tool_call_index'),
} as const

function putAsked(fields: ProtoBuffer, { id, requestId, choiceIndex, toolCallIndex }: AskedCall): void {
  if (id !== undefined) putString(fields, key.toolCallId, id)
  putString(fields, key.sourceRequestId, requestId)
  putInteger(fields, key.choiceIndex, choiceIndex)
  putInteger(fields, key.toolCallIndex, toolCallIndex)
}
