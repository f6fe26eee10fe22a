// SPDX-License-Identifier: Apache-2.0
import { rowFlag, rowKind, TEXT_COLUMNS, toolNumber, toolText } from '../../read/columns.ts'
import { numberOf, type RowReference } from '../../read/row-batch.ts'
import { category } from '../labels.ts'
import { toolFields } from '../row-fields.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { beginFragment, endFragment } from './fragments.ts'
import { flagsOf, IdentityArguments } from './identity-arguments.ts'
import { constant } from './constant.ts'
import type { JsonBuffer } from './json-buffer.ts'
import { microseconds } from '../whole-microseconds.ts'
import { RowArguments } from './row-arguments.ts'

/** What kinds of rows are called, and what they say of their event. */
const rows = {
  [rowKind.toolStart]: describe('Tool start', 'tool_start', category.toolMarker),
  [rowKind.toolEnd]: describe('Tool', 'tool_end', category.tool),
  [rowKind.toolError]: describe('Tool error', 'tool_error', category.tool),
}

const instant = constant('"ph":"i","s":"t","ts":')
const unknownTool = constant('unknown-tool')
const labelEnd = constant('"')
const fromHarness = constant('"event_source":"harness",')
const fromDynamo = constant('"event_source":"dynamo",')

/**
 * Encodes what a tool row says: a fragment with name and category, and one
 * with arguments, each with a comma behind it. When the call began and ended
 * can only be told together with other rows, except for a start row: what it
 * says is drawn as a mark, if its call never ends.
 */
export class ToolDetails {
  readonly #buffer: JsonBuffer
  readonly #identity: IdentityArguments
  readonly #arguments: RowArguments

  constructor(buffer: JsonBuffer, { args }: Required<Pick<TimelineOptions, 'args'>>) {
    this.#buffer = buffer
    this.#identity = new IdentityArguments(buffer)
    this.#arguments = new RowArguments(buffer, toolFields.filter(({ minimal }) => args === 'full' || minimal))
  }

  write(row: RowReference, kind: keyof typeof rows): void {
    const { label, type } = rows[kind]
    const buffer = this.#buffer
    const name = beginFragment(buffer)
    if (kind === rowKind.toolStart) {
      buffer.raw(instant)
      buffer.integer(microseconds(numberOf(row, toolNumber.eventTimeMs)))
    }
    buffer.raw(label)
    this.#writeClass(row)
    buffer.raw(labelEnd)
    endFragment(buffer, name)

    const args = beginFragment(buffer)
    this.#identity.write(row)
    buffer.raw(type)
    const flags = flagsOf(row)
    if ((flags & rowFlag.fromHarness) !== 0) buffer.raw(fromHarness)
    else if ((flags & rowFlag.fromDynamo) !== 0) buffer.raw(fromDynamo)
    this.#arguments.write(row)
    endFragment(buffer, args)
  }

  #writeClass({ batch, row }: RowReference): void {
    const place = (row * TEXT_COLUMNS + toolText.toolClass) * 2
    const length = batch.texts[place + 1] ?? 0
    if (length > 0) this.#buffer.characters(batch.bytes, batch.texts[place] ?? 0, length)
    else this.#buffer.raw(unknownTool)
  }
}

function describe(label: string, eventType: string, of: string) {
  return { label: constant(`,"cat":"${of}","name":"${label}: `), type: constant(`"event_type":"${eventType}",`) }
}
