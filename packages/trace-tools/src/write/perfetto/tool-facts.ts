// SPDX-License-Identifier: Apache-2.0
import type { AskedCall, ToolCallSpan } from '../../model/model-sink.ts'
import type { ToolTiming } from '../../model/trace-model.ts'
import { annotationKey, putFlag, putInteger, putString, putStringId } from './annotation.ts'
import type { EventMemory } from './event-memory.ts'
import type { Fields } from './event-module.ts'
import { LentFields } from './lent-fields.ts'
import { ProtoBuffer } from './proto-buffer.ts'
import { annotationValues } from './static-strings.ts'

/** Encodes what the rows of a tool call do not say of it. */
export class ToolFacts {
  readonly #lent: LentFields
  readonly #fields = new ProtoBuffer(256)
  /** Of calls that were reported. */
  readonly #plain: Readonly<Record<ToolTiming, Fields>>
  readonly #stretched: Readonly<Record<ToolTiming, Fields>>

  constructor(memory: EventMemory) {
    this.#lent = new LentFields(memory)
    this.#plain = this.#keep(memory, false)
    this.#stretched = this.#keep(memory, true)
  }

  /** @param isStretched The call is drawn longer than it is known to have been. Facts are good for the next event only. */
  of({ timing, asked }: ToolCallSpan, isStretched: boolean): Fields {
    if (asked === undefined) return (isStretched ? this.#stretched : this.#plain)[timing]
    const fields = this.#encodeTiming(timing, isStretched)
    putAsked(fields, asked)
    return this.#lent.lend(fields)
  }

  #keep(memory: EventMemory, isStretched: boolean): Readonly<Record<ToolTiming, Fields>> {
    const keep = (timing: ToolTiming) => memory.keep(this.#encodeTiming(timing, isStretched))
    return { measured: keep('measured'), paired: keep('paired'), inferred: keep('inferred'), unended: keep('unended') }
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
